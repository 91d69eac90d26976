using System.Diagnostics;

namespace Podspace.Mutants;

/// <summary>A copy of the checkout as it stands, in which rules can be broken.</summary>
internal sealed class Copy : IDisposable
{
    public const string Tests = "tests/Podspace.Tests";

    public Copy(string checkout)
    {
        Folder = Directory.CreateTempSubdirectory("podspace-mutants-").FullName;
        var (_, files) = Run(
            checkout,
            "git",
            ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            null,
            TimeSpan.FromMinutes(1)
        );
        foreach (
            var file in files.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(checkout, file)))
        )
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
            File.Copy(Path.Combine(checkout, file), At(file));
        }
    }

    public string Folder { get; }

    public string Program => At("artifacts/bin/Podspace.Tests/debug");

    public string At(string file) => Path.Combine(Folder, file);

    /// <summary>What the compiler says of it: nothing when it builds.</summary>
    /// <remarks>Style and warnings are not what is measured here.</remarks>
    public string Build()
    {
        string[] quick = ["-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false"];
        var (exit, said) = Run(Folder, "dotnet", ["build", Tests, "-v", "q", "--nologo", .. quick], null, TimeSpan.FromMinutes(20));
        return exit == 0 ? "" : said;
    }

    /// <returns>The tests' exit code; null when they did not end in time.</returns>
    public int? Test(int mutant, IEnumerable<string> filter, TimeSpan atMost, string? notes = null)
    {
        var environment = new Dictionary<string, string> { ["PODSPACE_MUTANT"] = $"{mutant}", ["PODSPACE_MUTANTS_SEEN"] = notes ?? "" };
        string[] arguments = ["--no-ansi", "--stop-on-fail", "on", "--filter-not-trait", "speed=slow", .. filter];
        return Run(Folder, Path.Combine(Program, "Podspace.Tests"), arguments, environment, atMost).Exit;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static (int? Exit, string Said) Run(
        string folder,
        string program,
        IEnumerable<string> arguments,
        Dictionary<string, string>? environment,
        TimeSpan atMost
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (process.WaitForExit(atMost))
        {
            return (process.ExitCode, output.Result + error.Result);
        }
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        return (null, "");
    }
}
