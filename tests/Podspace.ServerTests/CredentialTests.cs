using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Podspace.Twin;

namespace Podspace.ServerTests;

/// <summary>Every way to sign in, by the program as a process of its own against the twin's STS:
/// built in time, and, where that differs, native.</summary>
public sealed class CredentialTests : IDisposable
{
    private const string OwnAccount = "…3333",
        RoleAccount = "…6666";
    private const string Network = "arn:aws:iam::444455556666:role/network",
        Irsa = "arn:aws:iam::444455556666:role/irsa";

    private static readonly string[] Keys = ["AWS_ACCESS_KEY_ID=AKIDTWIN", "AWS_SECRET_ACCESS_KEY=twin"];

    private readonly string home = Directory.CreateTempSubdirectory("podspace-credentials-").FullName;

    private string Spec { get; set; } =
        "apiVersion: podspace.io/v1alpha1\nkind: OverlayNetwork\nmetadata: {name: prod}\n"
        + "spec: {region: eu-west-1, vpc: vpc-09796d57be9cec2d2, cluster: prod}\n";

    public void Dispose() => Directory.Delete(home, recursive: true);

    [Fact]
    public Task Keys_of_the_environment() => SignsInAsync(OwnAccount, Keys);

    [Fact]
    public Task Keys_of_the_environment_also_beside_a_profile() => SignsInAsync(OwnAccount, [.. Keys, "AWS_PROFILE=none"]);

    [Fact]
    public Task Keys_of_a_profile() => SignsInAsync(OwnAccount, ["AWS_PROFILE=keys"]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_role_of_a_profile_with_an_external_id(bool isNative) => SignsInAsync(RoleAccount, ["AWS_PROFILE=role"], isNative);

    [Fact]
    public Task A_role_of_the_spec()
    {
        Spec = Spec.Replace(
            "cluster: prod}",
            $"cluster: prod, access: {{network: {{roleArn: \"{Network}\", externalId: x-1}}}}}}",
            StringComparison.Ordinal
        );
        return SignsInAsync(RoleAccount, Keys);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_web_identity_s_token(bool isNative)
    {
        File.WriteAllText(Path.Combine(home, "token"), "a-service-account's-token");
        return SignsInAsync(
            RoleAccount,
            [$"AWS_WEB_IDENTITY_TOKEN_FILE={home}/token", $"AWS_ROLE_ARN={Irsa}", "AWS_ROLE_SESSION_NAME=test"],
            isNative
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task An_SSO_token_that_the_AWS_CLI_left(bool isNative)
    {
        LeaveToken(DateTimeOffset.UtcNow.AddHours(1));
        return SignsInAsync(RoleAccount, ["AWS_PROFILE=sso"], isNative);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_SSO_token_that_has_run_out_is_said_with_the_next_command(bool isNative)
    {
        LeaveToken(DateTimeOffset.UtcNow.AddHours(-1));

        await IsRefusedAsync("aws sso login --profile sso", ["AWS_PROFILE=sso"], isNative);
    }

    [Fact]
    public async Task A_container_s_credentials()
    {
        using var agent = new TcpListener(IPAddress.Loopback, 0);
        agent.Start();
        var serving = ServeAsync(
            agent,
            """{"AccessKeyId":"AKIDTWIN","SecretAccessKey":"twin","Token":"twin","Expiration":"2099-01-01T00:00:00Z"}"""
        );

        await SignsInAsync(
            OwnAccount,
            [$"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:{((IPEndPoint)agent.LocalEndpoint).Port}/credentials"]
        );

        agent.Stop();
        await serving;
    }

    [Fact]
    public Task A_role_that_may_not_be_assumed_is_said_with_who_was_asking() =>
        IsRefusedAsync("aws sts get-caller-identity", ["AWS_PROFILE=stranger"]);

    [Fact]
    public Task No_credentials_at_all_is_said_with_the_next_command() => IsRefusedAsync("aws sso login", []);

    [Fact]
    public async Task Who_is_only_a_participant_of_a_shared_VPC_is_told_who_must_change_it()
    {
        await using var server = await StartAsync("444455556666");

        var (exit, output, errors) = await RunAsync(server, Keys, isNative: false);

        Assert.Equal(1, exit);
        Assert.Contains(
            "PS1011: vpc-09796d57be9cec2d2 is shared by account …6666; only its owner can add blocks and subnets to it.",
            output + errors,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_kubeconfig_with_a_credential_plugin()
    {
        await using var server = await StartAsync();
        var plugin = Path.Combine(home, "plugin");
        await File.WriteAllTextAsync(
            plugin,
            $$$"""
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"{{{server.Token}}}"}}'

            """
        );
        var config = server.Kubeconfig.Replace(
            $"token: \"{server.Token}\"",
            $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, args: [\"{plugin}\"], interactiveMode: Never}}",
            StringComparison.Ordinal
        );
        await File.WriteAllTextAsync(Path.Combine(home, "kubeconfig"), config);

        var (exit, output, errors) = await RunAsync(server, [.. Keys, $"KUBECONFIG={home}/kubeconfig"], isNative: false);

        Assert.True(exit == 0, output + errors);
    }

    [Fact]
    public async Task A_kubeconfig_of_another_cluster_is_refused()
    {
        await using var server = await StartAsync();
        await using var other = await StartAsync();
        await File.WriteAllTextAsync(Path.Combine(home, "kubeconfig"), other.Kubeconfig);

        var (exit, output, errors) = await RunAsync(server, [.. Keys, $"KUBECONFIG={home}/kubeconfig"], isNative: false);

        Assert.Equal(1, exit);
        Assert.Empty(output);
        Assert.Contains(
            $"the kubeconfig leads to {other.KubeUrl.Authority}, with another certificate authority, "
                + $"but EKS says that prod is {server.KubeUrl.Authority}",
            errors,
            StringComparison.Ordinal
        );
    }

    /// <param name="owner">Of the VPC; who signs in elsewhere is refused as a participant.</param>
    private static Task<TwinServer> StartAsync(string owner = "111122223333") =>
        GuideServer.StartAsync(change: state =>
        {
            state.Aws.Roles.AddRange([new() { RoleArn = Network, ExternalId = "x-1" }, new() { RoleArn = Irsa, IsWebIdentity = true }]);
            state.Aws.Vpcs[0].OwnerId = owner;
        });

    private async Task SignsInAsync(string account, string[] environment, bool isNative = false)
    {
        await using var server = await StartAsync(account == RoleAccount ? "444455556666" : "111122223333");
        var (exit, output, errors) = await RunAsync(server, environment, isNative);

        Assert.True(exit == 0, output + errors);
        Assert.StartsWith($"prod: cluster prod, account {account}, eu-west-1\n", output, StringComparison.Ordinal);
    }

    private async Task IsRefusedAsync(string command, string[] environment, bool isNative = false)
    {
        await using var server = await StartAsync();
        var (exit, output, errors) = await RunAsync(server, environment, isNative);

        Assert.Equal(1, exit);
        Assert.Contains("No AWS credentials could be had", output + errors, StringComparison.Ordinal);
        Assert.Contains($"  {command}", output + errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
    }

    private void LeaveToken(DateTimeOffset until)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home, ".aws", "sso", "cache"));
        // The name that the AWS CLI gives the file of a session.
#pragma warning disable CA5350
        var name = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes("office")));
#pragma warning restore CA5350
        File.WriteAllText(
            Path.Combine(folder.FullName, $"{name}.json"),
            $$"""
            {
              "startUrl": "https://office.awsapps.com/start",
              "region": "eu-west-1",
              "accessToken": "token",
              "expiresAt": "{{until:yyyy-MM-dd'T'HH:mm:ss'Z'}}"
            }
            """
        );
    }

    private async Task<(int Exit, string Output, string Errors)> RunAsync(TwinServer server, string[] environment, bool isNative)
    {
        await File.WriteAllTextAsync(Path.Combine(home, "overlay.yaml"), Spec);
        await File.WriteAllTextAsync(
            Path.Combine(home, "config"),
            $"""
            [profile role]
            role_arn = {Network}
            source_profile = keys
            external_id = x-1
            [profile stranger]
            role_arn = {Network}
            source_profile = keys
            external_id = wrong
            [profile sso]
            sso_session = office
            sso_account_id = 444455556666
            sso_role_name = network
            [sso-session office]
            sso_region = eu-west-1
            sso_start_url = https://office.awsapps.com/start
            """
        );
        await File.WriteAllTextAsync(
            Path.Combine(home, "credentials"),
            "[keys]\naws_access_key_id = AKIDTWIN\naws_secret_access_key = twin\n"
        );
        var start = isNative
            ? new ProcessStartInfo(await NativeProgram.PathAsync(), "plan")
            : new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "podspace.dll"), "plan"]);
        (start.WorkingDirectory, start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (
            home,
            true,
            true,
            true
        );
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal) || name == "KUBECONFIG")
                .ToList()
        )
        {
            start.Environment.Remove(name);
        }
        string[] settings =
        [
            $"HOME={home}",
            $"AWS_ENDPOINT_URL={server.AwsUrl}",
            "AWS_EC2_METADATA_DISABLED=true",
            $"AWS_CONFIG_FILE={home}/config",
            $"AWS_SHARED_CREDENTIALS_FILE={home}/credentials",
            .. environment,
        ];
        foreach (var setting in settings.Select(setting => setting.Split('=', 2)))
        {
            start.Environment[setting[0]] = setting[1];
        }
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    private static async Task ServeAsync(TcpListener agent, string body)
    {
        var answer = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"
        );
        try
        {
            while (true)
            {
                using var client = await agent.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                await stream.ReadAtLeastAsync(new byte[4096], 1);
                await stream.WriteAsync(answer);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
