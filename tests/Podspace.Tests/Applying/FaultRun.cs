using Podspace.Cli;
using Podspace.Simulation.Faults;

namespace Podspace.Tests.Applying;

/// <summary>The whole job in a world where things go wrong as one seed says: there, proved, back, gone.</summary>
/// <param name="way">The commands, and what each leaves when nothing goes wrong, in the
/// words of <see cref="WorldComparison.Lines"/>.</param>
internal sealed class FaultRun(Estate estate, int seed, IReadOnlyList<(Job Job, IReadOnlyList<string> Leaves)> way)
{
    private readonly List<string> wrong = [];

    private string said = "";

    /// <summary>How many calls were hit.</summary>
    public int Hits { get; private set; }

    /// <summary>How many commands did not end well at once.</summary>
    public int Stops { get; private set; }

    /// <summary>One line for every thing that is not as it must be.</summary>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        using var bench = estate.Open();
        bench.World.Changed += () => wrong.AddRange(Invariants.PodsWithoutTheirAddress(bench.World));
        var faults = new Faults(bench.World, FaultPlans.Of(seed));
        using var wire = Connections.Wire(bench.World, faults);
        foreach (var (job, leaves) in way)
        {
            await RunAsync(bench, job, wire);
            if (wrong.Count > 0)
            {
                break;
            }
            Rest(bench);
            wrong.AddRange(WorldComparison.Differences(leaves, bench.World.State).Select(line => $"after {job}: {line}"));
            if (wrong.Count > 0)
            {
                wrong.Insert(0, $"{job} was told to have ended well:\n{said}");
            }
        }
        Hits = faults.Hits;
        return wrong;
    }

    /// <summary>Twice with faults; then without any it has to end well.</summary>
    private async Task RunAsync(Bench bench, Job job, HttpMessageHandler wire)
    {
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            using var words = new StringWriter();
            if (await EndsWellAsync(bench, job, words, wire))
            {
                return;
            }
            Stops++;
            if (words.ToString().Trim().Length == 0)
            {
                wrong.Add($"{job} failed without a word");
            }
        }
        using var last = new StringWriter();
        using var calm = Connections.Wire(bench.World, null);
        if (!await EndsWellAsync(bench, job, last, calm))
        {
            wrong.Add($"{job} did not finish once nothing went wrong any more: {last}");
        }
    }

    private async Task<bool> EndsWellAsync(Bench bench, Job job, StringWriter words, HttpMessageHandler wire)
    {
        try
        {
            var isWell = await bench.RunAsync(estate.Spec, job, new(words, words, TextReader.Null, false), wire) == ExitCode.Fine;
            said = words.ToString();
            return isWell;
        }
        catch (UsageException mistake)
        {
            words.WriteLine(mistake.Message);
            return false;
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            wrong.Add($"{job}: {bug}");
            return false;
        }
    }

    /// <summary>The commands with what each leaves when nothing goes wrong.</summary>
    public static async Task<IReadOnlyList<(Job Job, IReadOnlyList<string> Leaves)>> CalmAsync(Estate estate, IReadOnlyList<Job> jobs)
    {
        var way = new List<(Job, IReadOnlyList<string>)>();
        using var bench = estate.Open();
        foreach (var job in jobs)
        {
            Assert.True(await bench.RunAsync(estate.Spec, job) == ExitCode.Fine, $"{job}: {bench.Said}");
            Rest(bench);
            way.Add((job, WorldComparison.Lines(bench.World.State)));
        }
        Assert.Empty(WorldComparison.Differences(estate.WithoutUs(jobs), bench.World.State));
        return way;
    }

    /// <summary>Long enough for whatever is under way to end.</summary>
    private static void Rest(Bench bench) => bench.World.Advance(TimeSpan.FromHours(2));
}

/// <summary>Plans of faults, one for each seed.</summary>
internal static class FaultPlans
{
    private static readonly string[] Calls =
    [
        "ec2 ",
        "eks ",
        "kubernetes ",
        "sts ",
        " ",
        "ec2 Create*",
        "ec2 Delete*",
        "ec2 Describe*",
        "ec2 *Route*",
        "ec2 Authorize*",
        "ec2 AssociateVpcCidrBlock",
        "ec2 DisassociateVpcCidrBlock",
        "ec2 CreateTags",
        "ec2 TerminateInstances",
        "eks UpdateAddon",
        "eks Describe*",
        "kubernetes patch *",
        "kubernetes create *",
        "kubernetes * leases*",
        "kubernetes * configmaps",
        "kubernetes * eniconfigs*",
        "kubernetes list *",
        "kubernetes create pods/eviction",
        "kubernetes get *",
    ];

    private static readonly string[] Changes =
    [
        "addon-update",
        "block-associated",
        "block-disassociated",
        "block-gone",
        "instance-running",
        "instance-terminated",
        "node-joined",
        "subnet-available",
    ];

    public static FaultPlan Of(int seed)
    {
        var random = new Random(seed);
        var plan = new FaultPlan { Seed = seed, Realistic = random.Next(8) == 0 };
        for (var i = random.Next(3); i > 0; i--)
        {
            plan.Delays[Changes[random.Next(Changes.Length)]] = random.Next(1, 30);
        }
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            plan.Rules.Add(Rule(random));
        }
        return plan;
    }

    private static FaultRule Rule(Random random)
    {
        var call = Calls[random.Next(Calls.Length)].Split(' ', 2);
        var fault = FaultKinds.All[random.Next(FaultKinds.All.Count)];
        return new()
        {
            Fault = fault,
            Service = fault == FaultKinds.Stale ? "ec2" : call[0],
            Operation = fault == FaultKinds.Stale && call[0] != "ec2" ? "" : call[1],
            Only = random.Next(3) switch
            {
                0 => "writes",
                1 => "reads",
                _ => "",
            },
            Percent = new[] { 2, 5, 15, 40, 100 }[random.Next(5)],
            Nth = random.Next(3) == 0 ? [random.Next(1, 30)] : [],
            Most = random.Next(1, 12),
            Seconds = random.Next(3) == 0 ? random.Next(1, 60) : 0,
        };
    }
}
