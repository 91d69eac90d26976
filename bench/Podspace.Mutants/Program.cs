using System.Diagnostics;
using System.Globalization;
using Podspace.Mutants;

// Each folder with the tests that are nearest to it: they are asked first, then all fast ones.
Dictionary<string, string[]> nearest = new()
{
    ["Addressing"] = ["Podspace.Tests.Design", "Podspace.Tests.Reachability"],
    ["Design"] = ["Podspace.Tests.Design"],
    ["Planning"] = ["Podspace.Tests.Planning", "Podspace.Tests.Cli", "Podspace.Tests.Applying"],
    ["Reachability"] = ["Podspace.Tests.Reachability"],
};

// What looks at the sources, starts programs of its own or sends packets says nothing of a broken rule.
string[] never = ["Podspace.Tests.House", "Podspace.Tests.Packets"];

var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 300;
var seed = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1;
var began = Stopwatch.StartNew();
using var copy = new Copy(args[0]);
Console.Error.WriteLine($"Building a copy in {copy.Folder} …");
if (copy.Build() is { Length: > 0 } problem)
{
    Console.Error.WriteLine(problem);
    return 1;
}
var board = new Switchboard(copy, [.. nearest.Keys]);
board.Choose(count, seed);
Console.Error.WriteLine($"Building it with {count} of {board.Places:N0} places that can be broken …");
board.Install();

var all = never.SelectMany(name => (string[])["--filter-not-namespace", name]).ToList();
var notes = Path.Combine(copy.Folder, "seen");
var whole = Stopwatch.StartNew();
if (copy.Test(-1, all, TimeSpan.FromMinutes(20), notes) != 0)
{
    Console.Error.WriteLine("The fast tests fail with no rule broken: mend them first.");
    return 1;
}
var reached = File.ReadLines(notes).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToHashSet();
var patience = (whole.Elapsed * 3) + TimeSpan.FromSeconds(30);
Console.Error.WriteLine($"The fast tests take {whole.Elapsed.TotalSeconds:F0} s and come past {reached.Count} of them.");

var fates = new List<(Mutant Mutant, Fate Fate)>();
foreach (var mutant in board.Mutants)
{
    var fate = reached.Contains(mutant.Id) ? FateOf(mutant) : Fate.Unreached;
    fates.Add((mutant, fate));
    Console.Error.WriteLine($"{fates.Count}/{board.Mutants.Count()} {fate}: {mutant}");
}

Console.WriteLine($"\n| Folder | Broken | Noticed | Not noticed | No fast test comes past |\n| --- | --- | --- | --- | --- |");
foreach (var folder in fates.GroupBy(one => one.Mutant.Folder).OrderBy(group => group.Key, StringComparer.Ordinal).Append(Total()))
{
    var (noticed, survived, unreached) = (folder.Count(IsNoticed), folder.Count(Is(Fate.Survived)), folder.Count(Is(Fate.Unreached)));
    Console.WriteLine(
        $"| {folder.Key} | {folder.Count()} | {noticed} ({100.0 * noticed / folder.Count():F0} %) | {survived} | {unreached} |"
    );
}
Console.WriteLine($"\n{count} asked for, seed {seed}, {began.Elapsed.TotalMinutes:F0} minutes. What no test noticed:\n");
foreach (var (mutant, fate) in fates.Where(one => !IsNoticed(one)))
{
    Console.WriteLine($"- {mutant}{(fate == Fate.Unreached ? " (no fast test comes past)" : "")}");
}
return 0;

Fate FateOf(Mutant mutant)
{
    foreach (var filter in (IEnumerable<string>[])[nearest[mutant.Folder].SelectMany(name => (string[])["--filter-namespace", name]), all])
    {
        // 8: no test of that name; that is no failure of a rule.
        var exit = copy.Test(mutant.Id, filter, patience);
        if (exit is not (0 or 8))
        {
            return exit is null ? Fate.Hung : Fate.Killed;
        }
    }
    return Fate.Survived;
}

IGrouping<string, (Mutant Mutant, Fate Fate)> Total() => fates.GroupBy(_ => "all").Single();

static bool IsNoticed((Mutant Mutant, Fate Fate) one) => one.Fate is Fate.Killed or Fate.Hung;

static Func<(Mutant Mutant, Fate Fate), bool> Is(Fate fate) => one => one.Fate == fate;
