using System.Diagnostics;
using Podspace.Twin;

namespace Podspace.ServerTests;

/// <summary>The built program as a process of its own, led to one server by its environment alone, as a person in a shell would.</summary>
internal sealed class PodspaceProgram : IDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("podspace-program-").FullName;
    private readonly TwinServer server;
    private readonly (string Name, string Value)[] more;

    /// <param name="more">Settings of the environment besides those that lead to the server.</param>
    public PodspaceProgram(TwinServer server, string spec, params (string Name, string Value)[] more)
    {
        this.server = server;
        this.more = more;
        File.WriteAllText(Path.Combine(home, "overlay.yaml"), spec);
        File.WriteAllText(Path.Combine(home, "kubeconfig"), server.Kubeconfig);
    }

    /// <summary>Runs a command, such as <c>plan</c>; words are split at spaces.</summary>
    public async Task<(int Code, string Output, string Errors)> RunAsync(string command)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = home,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in command.Split(' ').Prepend(Path.Combine(AppContext.BaseDirectory, "podspace.dll")))
        {
            start.ArgumentList.Add(word);
        }
        start.Environment.Remove("AWS_PROFILE");
        start.Environment.Remove("AWS_SESSION_TOKEN");
        foreach (var (name, value) in Settings().Concat(more))
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    public void Dispose() => Directory.Delete(home, recursive: true);

    private IEnumerable<(string Name, string Value)> Settings() =>
        [
            ("HOME", home),
            ("KUBECONFIG", Path.Combine(home, "kubeconfig")),
            ("AWS_ENDPOINT_URL", server.AwsUrl.AbsoluteUri),
            ("AWS_ACCESS_KEY_ID", "TWIN"),
            ("AWS_SECRET_ACCESS_KEY", "twin"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_CONFIG_FILE", "/nonexistent"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent"),
        ];
}
