using System.Diagnostics;
using Podspace.Twin;

namespace Podspace.ServerTests;

/// <summary>A real kubectl against one server, with a home of its own.</summary>
internal sealed class Kubectl : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string program;
    private readonly string home;
    private readonly TwinServer server;
    private bool isServerOurs;

    private Kubectl(string program, TwinServer server)
    {
        this.program = program;
        this.server = server;
        home = Directory.CreateTempSubdirectory("podspace-kubectl-").FullName;
        File.WriteAllText(Path.Combine(home, "kubeconfig"), server.Kubeconfig);
    }

    /// <param name="version"><c>kubectl</c>: the one on PATH, which must be there. <c>kubectl-1.20</c>: the one in
    /// PODSPACE_TOOLS; the test is skipped when it could not be had.</param>
    /// <param name="example">A folder of examples/.</param>
    public static async Task<Kubectl> StartAsync(string version, string example = "crowded-vpc") =>
        new(Find(version), await GuideServer.StartAsync(example: example)) { isServerOurs = true };

    /// <summary>The one on PATH, against a server that is used by others too and that they end.</summary>
    public static Kubectl Against(TwinServer server) => new(Find("kubectl"), server);

    public async ValueTask DisposeAsync()
    {
        if (isServerOurs)
        {
            await server.DisposeAsync();
        }
        Directory.Delete(home, recursive: true);
    }

    /// <summary>What it prints on success; a failure fails the test. Words are split at spaces.</summary>
    public async Task<string> AskAsync(string command, string input = "")
    {
        var (code, output, errors) = await RunAsync(command, input);
        Assert.True(code == 0, $"kubectl {command}\n{output}\n{errors}");
        return output;
    }

    /// <summary>What it complains of.</summary>
    public async Task<string> RefusedAsync(string command, string input = "")
    {
        var (code, output, errors) = await RunAsync(command, input);
        Assert.True(code != 0, $"kubectl {command}\nwas not refused: {output}");
        return errors;
    }

    /// <summary>Starts it and hands out its lines as they come; it ends with the enumeration.</summary>
    public async IAsyncEnumerable<string> FollowAsync(string command)
    {
        using var process = Start(command);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                yield return line;
            }
        }
        finally
        {
            process.Kill();
        }
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(string command, string input)
    {
        using var process = Start(command);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"kubectl {command}\nhas not ended after {Patience.TotalSeconds} s");
        }
        return (process.ExitCode, await output, await errors);
    }

    private Process Start(string command)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in command.Split(' '))
        {
            start.ArgumentList.Add(word);
        }
        start.Environment["HOME"] = home;
        start.Environment["KUBECONFIG"] = Path.Combine(home, "kubeconfig");
        return Process.Start(start)!;
    }

    private static string Find(string version)
    {
        if (version is not "kubectl")
        {
            var tool = Path.Combine(Environment.GetEnvironmentVariable("PODSPACE_TOOLS") ?? "", version);
            Assert.SkipUnless(File.Exists(tool), $"{version} could not be had here (PODSPACE_TOOLS names no folder that holds it)");
            return tool;
        }
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var found = path.Select(folder => Path.Combine(folder, version)).FirstOrDefault(File.Exists);
        Assert.True(found is not null, "kubectl is not on PATH: install your distribution's package kubernetes-client or kubectl.");
        return found;
    }
}
