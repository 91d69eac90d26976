using System.Diagnostics;

namespace Podspace.Bench;

/// <summary>A <c>podspace twin serve</c> of its own, on free ports of loopback; ended with the bench's run, also a failed one.</summary>
internal sealed class TwinProcess : IDisposable
{
    private readonly Process process;

    public TwinProcess(Checkout podspace, Scratch folder, int delay)
    {
        var kubeconfig = folder.File("kubeconfig");
        process = new Command(
            podspace.Native,
            "twin",
            "serve",
            "--world",
            podspace.FreshWorld(folder),
            "--delay",
            $"{delay}",
            "--kubeconfig",
            kubeconfig
        ).Start();
        var url =
            process.StandardOutput.ReadLine()?.Split(' ')[^1]
            ?? throw new InvalidOperationException($"The twin did not start:\n{process.StandardError.ReadToEnd()}");
        // The ports are told after the kubeconfig is written.
        Environment = Clients.Environment(url, kubeconfig);
    }

    /// <summary>What a client needs to be led here.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}

internal static class Clients
{
    public static IReadOnlyDictionary<string, string> Environment(string url, string kubeconfig) =>
        new Dictionary<string, string>
        {
            ["AWS_ENDPOINT_URL"] = url,
            ["AWS_ACCESS_KEY_ID"] = "twin",
            ["AWS_SECRET_ACCESS_KEY"] = "twin",
            ["AWS_DEFAULT_REGION"] = "eu-west-1",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["KUBECONFIG"] = kubeconfig,
        };
}
