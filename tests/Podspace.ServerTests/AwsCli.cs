using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Podspace.ServerTests;

/// <summary>The real AWS CLI against one endpoint, with keys that mean nothing and no configuration of the machine's.</summary>
internal sealed class AwsCli(Uri endpoint)
{
    /// <summary>Runs a command, such as <c>ec2 describe-vpcs</c>; words are split at spaces. A refusal fails the test.</summary>
    public async Task<JsonNode> AskAsync(string command)
    {
        var (code, output, errors) = await RunAsync(command);
        Assert.True(code == 0, $"aws {command}\n{errors}");
        return output.Length == 0 ? new JsonObject() : JsonNode.Parse(output)!;
    }

    /// <summary>What the CLI prints when the command is refused.</summary>
    public async Task<string> RefusedAsync(string command)
    {
        var (code, output, errors) = await RunAsync(command);
        Assert.True(code != 0, $"aws {command}\nwas not refused: {output}");
        return errors.Trim();
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(string command)
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in command.Split(' ').Concat(["--endpoint-url", endpoint.ToString(), "--output", "json"]))
        {
            start.ArgumentList.Add(word);
        }
        start.Environment.Remove("AWS_PROFILE");
        start.Environment.Remove("AWS_SESSION_TOKEN");
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    private static readonly (string Name, string Value)[] Environment =
    [
        ("AWS_ACCESS_KEY_ID", "TWIN"),
        ("AWS_SECRET_ACCESS_KEY", "twin"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_DEFAULT_REGION", "eu-west-1"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_CONFIG_FILE", "/nonexistent"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent"),
        ("AWS_MAX_ATTEMPTS", "1"),
        ("AWS_PAGER", ""),
    ];

    private static readonly Lazy<string> Found = new(Find);

    /// <summary>Itself, and not the script of a version manager in front of it, which takes as long again as the CLI.</summary>
    public static string Program => Found.Value;

    private static string Find()
    {
        var path = (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var found = path.Select(folder => Path.Combine(folder, "aws")).FirstOrDefault(File.Exists);
        Assert.True(found is not null, "The AWS CLI (aws) is not on PATH: install your distribution's package awscli.");
        if (!found.Contains("/shims/", StringComparison.Ordinal))
        {
            return found;
        }
        using var asked = Process.Start(new ProcessStartInfo("pyenv", ["which", "aws"]) { RedirectStandardOutput = true })!;
        var behind = asked.StandardOutput.ReadToEnd().Trim();
        asked.WaitForExit();
        return File.Exists(behind) ? behind : found;
    }
}
