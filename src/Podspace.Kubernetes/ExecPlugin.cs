using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.KubeConfigModels;
using Podspace.Applying;

namespace Podspace.Kubernetes;

/// <summary>A program of the kubeconfig's that hands out tokens, such as <c>aws eks get-token</c>. Run
/// when first needed and again when its token runs out.</summary>
/// <remarks>
/// The client library's own way joins the arguments with spaces, which breaks those that hold one; here each stays itself.
/// Source: Kubernetes, "client-go credential plugins".
/// </remarks>
/// <param name="folder">The kubeconfig's: a command with a folder in it is named from there.</param>
internal sealed class ExecPlugin(ExternalExecution plugin, string folder, TimeProvider time)
{
    // Long enough for a browser sign-in that somebody has to click through.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Renewed a little early, so that a token does not run out on its way.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly Lock gate = new();
    private Task<Answer>? last;

    public async Task<(string? Header, Refusal? Refusal)> AuthorizeAsync(CancellationToken cancel)
    {
        var answer = await Current().WaitAsync(cancel);
        return (answer.Header, answer.Refusal);
    }

    // One run serves all who ask at once; one that failed is not kept.
    private Task<Answer> Current()
    {
        lock (gate)
        {
            return last is { IsCompleted: false } || (last is { IsCompletedSuccessfully: true } && last.Result.Until > time.GetUtcNow())
                ? last
                : last = AskAsync();
        }
    }

    private async Task<Answer> AskAsync()
    {
        var (output, refusal) = await RunAsync();
        return refusal is null ? Read(output) : Failed(refusal);
    }

    private async Task<(string Output, Refusal? Refusal)> RunAsync()
    {
        var (program, missing) = Program();
        if (program is null)
        {
            return ("", NotStarted(missing!));
        }
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            using var process = Process.Start(StartInfo(program))!;
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0
                ? (await output, null)
                : ("", Refuse($"ended with exit code {process.ExitCode}: {(await errors).Trim()}"));
        }
        catch (Win32Exception exception)
        {
            return ("", NotStarted(exception.Message));
        }
        catch (OperationCanceledException)
        {
            return ("", Refuse($"did not end within {Patience.TotalMinutes} minutes."));
        }
    }

    /// <summary>As client-go: a bare name is looked for on PATH, a path starts in the kubeconfig's folder.</summary>
    private (string? File, string? Problem) Program() =>
        ProgramPath.IsPath(plugin.Command)
            ? (Path.GetFullPath(plugin.Command, folder), null)
            : ProgramPath.Find(plugin.Command, Environment.GetEnvironmentVariable("PATH") ?? "", Path.PathSeparator, IsProgram);

    private static bool IsProgram(string file) =>
        File.Exists(file) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & Executable) != 0);

    private Refusal NotStarted(string why)
    {
        var hint = string.IsNullOrEmpty(plugin.InstallHint) ? "" : $"\n{plugin.InstallHint.Trim()}";
        return Refuse($"could not be started: {why}.{hint}");
    }

    private ProcessStartInfo StartInfo(string program)
    {
        var start = new ProcessStartInfo(program, plugin.Arguments ?? [])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var setting in plugin.EnvironmentVariables ?? [])
        {
            start.Environment[setting["name"]] = setting["value"];
        }
        start.Environment["KUBERNETES_EXEC_INFO"] = new JsonObject
        {
            ["apiVersion"] = plugin.ApiVersion,
            ["kind"] = "ExecCredential",
            ["spec"] = new JsonObject { ["interactive"] = false },
        }.ToJsonString();
        return start;
    }

    private Answer Read(string output)
    {
        JsonNode? status;
        try
        {
            status = JsonNode.Parse(output)?["status"];
        }
        catch (JsonException)
        {
            return Failed(Refuse("printed no ExecCredential."));
        }
        if ((string?)status?["token"] is not { Length: > 0 } token)
        {
            return Failed(Refuse("handed out no token; plugins that hand out certificates are not supported."));
        }
        // Without an end the token is good for as long as the program runs.
        var until = DateTimeOffset.TryParse(
            (string?)status["expirationTimestamp"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var end
        )
            ? end - Margin
            : DateTimeOffset.MaxValue;
        return new($"Bearer {token}", null, until);
    }

    private static Answer Failed(Refusal refusal) => new(null, refusal, DateTimeOffset.MinValue);

    private Refusal Refuse(string why) =>
        new(RefusalKind.Denied, "NoCredentials", $"The kubeconfig's credential plugin \"{plugin.Command}\" {why}");

    private sealed record Answer(string? Header, Refusal? Refusal, DateTimeOffset Until);
}
