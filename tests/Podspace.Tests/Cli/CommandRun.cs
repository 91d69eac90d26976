using System.Text.RegularExpressions;
using Podspace.Cli;

namespace Podspace.Tests.Cli;

/// <summary>A folder with the shipped example in it, and commands that run there in process.</summary>
internal sealed class CommandRun : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("podspace-test-").FullName;

    public CommandRun()
    {
        Write("overlay.yaml", DemoCommand.Example("overlay.yaml"));
        Write("world.yaml", DemoCommand.Example("world.yaml"));
    }

    /// <summary>The same with another folder of examples/.</summary>
    public static CommandRun Of(string example)
    {
        var run = new CommandRun();
        foreach (var file in (string[])["overlay.yaml", "world.yaml"])
        {
            run.Write(file, File.ReadAllText(Path.Combine(Golden.Checkout(), "examples", example, file)));
        }
        return run;
    }

    public string At(string name) => Path.Combine(path, name);

    public void Write(string name, string text) => File.WriteAllText(At(name), text);

    public string Read(string name) => File.ReadAllText(At(name));

    /// <summary>Runs a line such as <c>plan -o json</c>, with <c>@name</c> for files of the folder.</summary>
    /// <param name="seat">Makes another terminal of the pipe that is there; null: it stays one.</param>
    public async Task<(int Exit, string Output, string Error)> RunAsync(string line, Func<Terminal, Terminal>? seat = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var args = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.StartsWith('@') ? At(word[1..]) : word)
            .ToArray();
        var pipe = new Terminal(output, error, TextReader.Null, false) { Variable = _ => null };
        var exit = await CommandLine.RunAsync(args, seat?.Invoke(pipe) ?? pipe);
        return (exit, Plain(output.ToString()), Plain(error.ToString()));
    }

    /// <summary>In the guide's world, with the guide's spec.</summary>
    public Task<(int Exit, string Output, string Error)> HereAsync(string line) => RunAsync($"{line} -f @overlay.yaml --twin @world.yaml");

    public void Dispose() => Directory.Delete(path, recursive: true);

    /// <summary>Without the folder's name, which is another one each time, and without
    /// fingerprints, which follow from every byte of the example.</summary>
    private string Plain(string text) =>
        Regex.Replace(text.Replace(path + "/", "", StringComparison.Ordinal), @"([""`>])[0-9a-f]{16}([""`<])", "$1…$2");
}
