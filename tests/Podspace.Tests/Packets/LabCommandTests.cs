using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Podspace.Lab.Kernel;
using Podspace.Tests.Cli;

namespace Podspace.Tests.Packets;

/// <summary>Labs that stand, in processes of their own; and that nothing is left of them, however those end.</summary>
[Trait("speed", "slow")]
public sealed partial class LabCommandTests : IDisposable
{
    private const string Stands = "It stands until interrupted";

    // Named namespaces are mounts, which the test's own mounts hide.
    private const string OwnMachine = "ip link set lo up; mkdir -p /run/netns; mount -t tmpfs tmpfs /run/netns";

    private readonly CommandRun files = new();
    private readonly List<Process> started = [];
    private readonly Process machine;
    private readonly string before;

    /// <summary>Each test has a machine of its own, in network and mounts, so that what another
    /// lab does meanwhile is not taken for its doing.</summary>
    public LabCommandTests()
    {
        Assert.SkipWhen(Requirements.Missing() is not null, Requirements.Missing() ?? "");
        machine = Process.Start(
            new ProcessStartInfo("unshare", ["--net", "--mount", "sh", "-c", $"{OwnMachine}; echo ready; exec sleep 3600"])
            {
                RedirectStandardOutput = true,
            }
        )!;
        Assert.Equal("ready", machine.StandardOutput.ReadLine());
        before = Machine();
    }

    [Fact]
    public void A_lab_that_stands_is_gone_into_by_name_and_ended_from_elsewhere()
    {
        var holder = Start("lab run --keep -f @overlay.yaml --twin @world.yaml");
        var said = Until(holder, Stands);
        var pod = Go().Match(said).Groups[1].Value;

        var (shell, there, trouble) = Run($"lab shell {pod} -f @overlay.yaml --twin @world.yaml -- ip -o -4 addr show eth0");
        Assert.True(shell == 0, trouble);
        Assert.Matches(@"eth0 +inet 10\.196\.24\.[0-9]+/32", there);
        Assert.Equal(7, Run($"lab shell {pod} -f @overlay.yaml --twin @world.yaml -- sh -c exit\t7").Exit);
        Assert.Contains(
            "\"nowhere\" is no place of this lab. These are:\n  amazon\n  beyond\n",
            Run("lab shell nowhere -f @overlay.yaml --twin @world.yaml").Error,
            StringComparison.Ordinal
        );

        var namespaces = NamespacesOf(holder.Id);
        Assert.True(namespaces.Count > 5, $"{namespaces.Count}");
        Assert.Matches("^ended: the lab of prod, with [0-9]+ namespaces\n$", Run("lab down").Output);
        Assert.True(holder.WaitForExit(TimeSpan.FromSeconds(30)));
        AssertNothingIsLeft(namespaces);
        Assert.Equal("no lab stands on this machine\n", Run("lab down").Output);
    }

    [Fact]
    public void Of_a_lab_whose_process_was_killed_nothing_is_left_but_a_note_which_lab_down_takes_away()
    {
        var holder = Start("lab run --keep -f @overlay.yaml --twin @world.yaml");
        Until(holder, Stands);
        var namespaces = NamespacesOf(holder.Id);
        Kill(holder);

        Assert.NotEmpty(Directory.GetFiles(files.At("labs")));
        Assert.Equal("no lab stands on this machine\n", Run("lab down").Output);
        Assert.Empty(Directory.GetFiles(files.At("labs")));
        AssertNothingIsLeft(namespaces);
    }

    [Fact]
    public void A_run_that_is_killed_in_the_midst_of_its_packets_leaves_nothing_behind()
    {
        var run = Start("lab run -f @overlay.yaml --twin @world.yaml");
        Until(run, "up in");
        var namespaces = NamespacesOf(run.Id);
        Kill(run);

        Assert.True(namespaces.Count > 5, $"{namespaces.Count}");
        AssertNothingIsLeft(namespaces);
    }

    [Fact]
    public void A_lab_that_is_told_to_end_takes_its_note_along()
    {
        var holder = Start("lab run --keep -f @overlay.yaml --twin @world.yaml");
        Until(holder, Stands);
        var namespaces = NamespacesOf(holder.Id);
        // Not SIGINT, which whatever a shell starts in the background ignores, and so this program, too.
        using (var kill = Process.Start("kill", $"-TERM {holder.Id}"))
        {
            kill.WaitForExit();
        }

        Assert.True(holder.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Empty(Directory.GetFiles(files.At("labs")));
        AssertNothingIsLeft(namespaces);
    }

    [Fact]
    public void Where_none_stands_a_shell_has_a_lab_of_its_own_that_goes_with_it()
    {
        var (exit, output, error) = Run("lab shell vpc -f @overlay.yaml --twin @world.yaml -- ip rule show pref 5000");

        Assert.True(exit == 0, error);
        Assert.Contains("lookup 900", output, StringComparison.Ordinal);
        AssertNothingIsLeft([]);
    }

    [Fact]
    public void A_program_that_lies_in_the_current_folder_is_not_run_by_its_bare_name()
    {
        var planted = Path.Combine(Environment.CurrentDirectory, $"planted-{Guid.NewGuid():N}");
        File.Copy("/bin/true", planted);
        try
        {
            var (exit, _, error) = Run($"lab shell vpc -f @overlay.yaml --twin @world.yaml -- {Path.GetFileName(planted)}");

            Assert.Equal(1, exit);
            Assert.Contains($"there is no program {Path.GetFileName(planted)} in any folder of PATH.", error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(planted);
        }
    }

    public void Dispose()
    {
        foreach (var process in started)
        {
            if (!process.HasExited)
            {
                Kill(process);
            }
            process.Dispose();
        }
        Kill(machine);
        machine.Dispose();
        files.Dispose();
    }

    private void AssertNothingIsLeft(IReadOnlyCollection<string> namespaces)
    {
        // The kernel takes a namespace down when nobody holds it any more: as its own, open, or
        // mounted. It gives the number of one that is gone
        // to the next, which may be another lab's: only processes of this test are asked.
        Assert.Empty(namespaces.Intersect(Directory.GetDirectories("/proc").Where(IsOfThisTest).SelectMany(Held)));
        Assert.Equal(before, Machine());
    }

    /// <summary>Reports whether the process, or one that started it, was started here: the folder
    /// of notes is the test's own and is handed down.</summary>
    private bool IsOfThisTest(string folder)
    {
        try
        {
            return int.TryParse(Path.GetFileName(folder), out var process)
                && (process == machine.Id || File.ReadAllText($"{folder}/environ").Contains(files.At("labs"), StringComparison.Ordinal));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile.
            return false;
        }
    }

    private HashSet<string> NamespacesOf(int process) => [.. Held($"/proc/{process}").Except(Held($"/proc/{machine.Id}"))];

    private static IEnumerable<string> Held(string folder)
    {
        try
        {
            return
            [
                .. Directory
                    .GetFiles($"{folder}/fd")
                    .Append($"{folder}/ns/net")
                    .Select(Target)
                    .Where(target => target.StartsWith("net:[", StringComparison.Ordinal)),
                .. Mounted().Matches(File.ReadAllText($"{folder}/mountinfo")).Select(match => match.Value),
            ];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile.
            return [];
        }
    }

    private static string Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>All that a lab could have done to the machine's own network. Counters and what
    /// addresses' lifetimes count down are left out.</summary>
    private string Machine() =>
        string.Concat(
            ((string[])["ip netns", "ip rule", "ip -o link", "ip route show table all", "nft list ruleset", "iptables-save"]).Select(line =>
            {
                var words = line.Split(' ');
                using var process = Process.Start(OnMachine([Requirements.Find(words[0])!, .. words[1..]]))!;
                var output = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                return $"# {line}\n{Fleeting().Replace(output, "")}";
            })
        );

    private (int Exit, string Output, string Error) Run(string line)
    {
        var process = Start(line);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    private Process Start(string line)
    {
        var start = OnMachine([
            Path.Combine(AppContext.BaseDirectory, "podspace"),
            .. line.Split(' ').Select(word => word.StartsWith('@') ? files.At(word[1..]) : word.Replace('\t', ' ')),
        ]);
        start.RedirectStandardInput = true;
        start.Environment["PODSPACE_LAB_FOLDER"] = files.At("labs");
        var process = Process.Start(start)!;
        started.Add(process);
        return process;
    }

    /// <summary>A command on the test's own machine; nsenter becomes the command, so that the process is its.</summary>
    private ProcessStartInfo OnMachine(IEnumerable<string> command) =>
        new("nsenter", ["--target", $"{machine.Id}", "--net", "--mount", "--", .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    /// <summary>Reads what it says to its error output until it has said that, and the line behind.</summary>
    private static string Until(Process process, string awaited)
    {
        var said = new StringBuilder();
        // Else a full pipe would hold it up.
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        while (process.StandardError.ReadLine() is { } line)
        {
            said.AppendLine(line);
            if (
                said.ToString().Contains(awaited, StringComparison.Ordinal)
                && (awaited != Stands || line.Contains("lab shell", StringComparison.Ordinal))
            )
            {
                return said.ToString();
            }
        }
        throw new InvalidOperationException($"it ended, and said:\n{said}");
    }

    private static void Kill(Process process)
    {
        process.Kill();
        process.WaitForExit();
    }

    [GeneratedRegex("lab shell (pod/[^ ]+)")]
    private static partial Regex Go();

    [GeneratedRegex(@"net:\[[0-9]+\]")]
    private static partial Regex Mounted();

    [GeneratedRegex(@"^#.*\n|\[[0-9]+:[0-9]+\]|expires [0-9]+sec", RegexOptions.Multiline)]
    private static partial Regex Fleeting();
}
