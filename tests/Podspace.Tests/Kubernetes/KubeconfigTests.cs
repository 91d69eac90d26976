using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Podspace.Applying;
using Podspace.Kubernetes;

namespace Podspace.Tests.Kubernetes;

public sealed class KubeconfigTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("podspace-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_current_context_names_server_authority_and_token()
    {
        var connection = Connect(
            null,
            Write("config", "current-context: prod", $"certificate-authority-data: {Base64(Certificate().Certificate)}", "token: secret")
        );

        Assert.Equal(new Uri("https://prod.example:6443"), connection.Server);
        Assert.Single(connection.Authorities!);
        Assert.Equal(("Bearer secret", null), await connection.Authorize!(default));
    }

    [Theory]
    [InlineData("users: [{name: u, user: {token: PLANTED}}\nkind: Config\n", "config")]
    [InlineData("users: {token: PLANTED\n", "config(2,1)")]
    [InlineData("token: \"PLANTED\n", "config(1,8)")]
    [InlineData("users: PLANTED\n", "config(1,")]
    public void A_file_that_is_not_YAML_is_named_by_its_place_and_never_quoted(string text, string place)
    {
        var file = Path.Combine(folder, "config");
        File.WriteAllText(file, text);

        var (connection, refusal) = Kubeconfig.Connect([file], null);

        Assert.Null(connection);
        Assert.Contains($"{folder}/{place}", refusal!.Message, StringComparison.Ordinal);
        Assert.Contains(": this is not the YAML of a kubeconfig", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PLANTED", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_by_name_wins_over_the_current_one()
    {
        var first = Write("first", "current-context: prod", "insecure-skip-tls-verify: true", "token: t");
        var second = Write("second", "current-context: other", "tls-server-name: inner", "username: u", "other");

        var connection = Connect("other", first, second);

        Assert.Equal(new Uri("https://other.example:6443"), connection.Server);
        Assert.Equal("inner", connection.TlsServerName);
        Assert.False(connection.SkipTlsVerify);
    }

    [Fact]
    public void Certificate_files_are_named_from_the_kubeconfig_s_own_folder()
    {
        var (certificate, key) = Certificate();
        File.WriteAllText(Path.Combine(folder, "me.crt"), certificate);
        File.WriteAllText(Path.Combine(folder, "me.key"), key);

        var connection = Connect(
            null,
            Write("config", "current-context: prod", "insecure-skip-tls-verify: true", "client-certificate: me.crt\nclient-key: me.key")
        );

        Assert.True(connection.ClientCertificate!.HasPrivateKey);
    }

    [Fact]
    public async Task A_plugin_gets_each_argument_as_it_stands_and_is_asked_once()
    {
        var plugin = Path.Combine(folder, "plugin");
        var runs = Path.Combine(folder, "runs");
        await File.WriteAllTextAsync(
            plugin,
            $$$"""
            echo "$#" >> "{{{runs}}}"
            printf '{"kind":"ExecCredential","status":{"token":"%s"}}' "$2-$MARK"
            """
        );
        var connection = Connect(
            null,
            Write(
                "config",
                "current-context: prod",
                "insecure-skip-tls-verify: true",
                $$$"""
                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: /bin/sh
                  args: ["{{{plugin}}}", "--cluster", "two words"]
                  env: [{name: MARK, value: m}]
                """
            )
        );

        Assert.Equal(("Bearer two words-m", null), await connection.Authorize!(default));
        await connection.Authorize(default);
        Assert.Equal("2\n", await File.ReadAllTextAsync(runs));
    }

    [Fact] // .NET would look beside the running program and in the current folder first
    public async Task A_plugin_without_a_folder_comes_from_PATH_and_never_from_the_current_folder()
    {
        var planted = Path.Combine(Environment.CurrentDirectory, $"planted-{Guid.NewGuid():N}");
        var ran = Path.Combine(folder, "ran");
        Plugin(planted, $"touch {ran}");
        try
        {
            var (header, refusal) = await Connect(null, WithPlugin(Path.GetFileName(planted))).Authorize!(default);

            Assert.Null(header);
            Assert.EndsWith($"no program {Path.GetFileName(planted)} in any folder of PATH.", refusal!.Message, StringComparison.Ordinal);
            Assert.False(File.Exists(ran));
        }
        finally
        {
            File.Delete(planted);
        }
    }

    [Theory]
    [InlineData("./plugin")]
    [InlineData("tools/plugin")]
    public async Task A_plugin_with_a_folder_is_named_from_the_kubeconfig_s_own(string command)
    {
        Directory.CreateDirectory(Path.Combine(folder, "tools"));
        Plugin(Path.Combine(folder, command), """printf '{"status":{"token":"beside"}}'""");

        Assert.Equal(("Bearer beside", null), await Connect(null, WithPlugin(command)).Authorize!(default));
    }

    [Theory]
    [InlineData("/usr/bin:/opt/bin", "/opt/bin/aws", null)]
    [InlineData("/usr/bin:/opt/bin:.", "/opt/bin/aws", null)]
    [InlineData(".:/opt/bin", null, "PATH has the entry \".\", by which aws would be run from the current folder")]
    [InlineData(":/opt/bin", null, "PATH has the entry \"\", by which aws would be run from the current folder")]
    [InlineData("tools:/opt/bin", null, "PATH has the entry \"tools\", by which aws would be run from the current folder")]
    [InlineData("/usr/bin", null, "there is no program aws in any folder of PATH")]
    [InlineData("", null, "PATH has the entry \"\", by which aws would be run from the current folder")]
    public void A_program_that_PATH_would_take_from_the_current_folder_is_refused(string path, string? expected, string? why)
    {
        string[] files = ["/opt/bin/aws", "./aws", "tools/aws"];

        var (file, problem) = ProgramPath.Find("aws", path, ':', files.Contains);

        Assert.Equal(expected, file);
        Assert.StartsWith(why ?? "", problem ?? "", StringComparison.Ordinal);
        Assert.Equal(why is null, problem is null);
    }

    [Theory]
    [InlineData("ftp://prod.example")]
    [InlineData("prod.example")]
    public void A_server_that_is_no_address_is_said(string server)
    {
        var file = Write("config", "current-context: prod", "insecure-skip-tls-verify: true", "token: t");
        File.WriteAllText(file, File.ReadAllText(file).Replace("https://prod.example:6443", server, StringComparison.Ordinal));

        var (_, refusal) = Kubeconfig.Connect([file], null);

        Assert.Contains($"has the server \"{server}\", which is no address", refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_that_is_not_there_is_one_refusal()
    {
        var connection = Connect(
            null,
            Write(
                "config",
                "current-context: prod",
                "insecure-skip-tls-verify: true",
                """
                exec: {apiVersion: client.authentication.k8s.io/v1, command: /nowhere/plugin, installHint: "Install it."}
                """
            )
        );

        var (_, refusal) = await connection.Authorize!(default);

        Assert.Equal(RefusalKind.Denied, refusal!.Kind);
        Assert.Contains("/nowhere/plugin", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Install it.", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("contexts: [", "cannot be used")]
    [InlineData("current-context: gone\ncontexts: []", "no context \"gone\"")]
    [InlineData("contexts: [{name: a, context: {cluster: x, user: y}}]", "no current context. Name one of: a")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: x, user: y}}]", "cluster \"x\", which has no server")]
    public void What_is_wrong_with_the_file_is_said(string text, string words)
    {
        var file = Path.Combine(folder, "config");
        File.WriteAllText(file, text);

        var (connection, refusal) = Kubeconfig.Connect([file], null);

        Assert.Null(connection);
        Assert.Contains(words, refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_file_the_next_command_is_said() =>
        Assert.Contains(
            "aws eks update-kubeconfig",
            Kubeconfig.Connect([Path.Combine(folder, "none")], null).Refusal!.Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Several_files_are_listed_in_KUBECONFIG() =>
        Assert.Equal(["/a", "/b"], Kubeconfig.Files(name => name == "KUBECONFIG" ? $"/a{Path.PathSeparator}/b" : null));

    private static ClusterConnection Connect(string? context, params string[] files)
    {
        var (connection, refusal) = Kubeconfig.Connect(files, context);
        Assert.True(refusal is null, refusal?.ToString());
        return connection!;
    }

    private string Write(string name, string first, string cluster, string user, string context = "prod")
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(
            file,
            $"""
            apiVersion: v1
            kind: Config
            {first}
            contexts:
            - name: {context}
              context:
                cluster: {context}-cluster
                user: {context}-user
            clusters:
            - name: {context}-cluster
              cluster:
                server: https://{context}.example:6443
                {cluster}
            users:
            - name: {context}-user
              user:
                {user.Replace("\n", "\n    ", StringComparison.Ordinal)}
            """
        );
        return file;
    }

    private string WithPlugin(string command) =>
        Write(
            "config",
            "current-context: prod",
            "insecure-skip-tls-verify: true",
            $$$"""exec: {apiVersion: client.authentication.k8s.io/v1, command: {{{command}}}}"""
        );

    private static void Plugin(string file, string line)
    {
        File.WriteAllText(file, $"#!/bin/sh\n{line}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static (string Certificate, string Key) Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
