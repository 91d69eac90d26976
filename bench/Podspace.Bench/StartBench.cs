namespace Podspace.Bench;

/// <summary>How long it takes to say a version: what every command costs before it does anything.</summary>
internal static class StartBench
{
    public static IEnumerable<string> Run(Checkout podspace)
    {
        var medians = SideBySide.Medians(
            15,
            2,
            new Command(podspace.Launcher, "version").Time,
            new Command(podspace.Native, "version").Time,
            new Command("aws", "--version").Time,
            new Command("kubectl", "version", "--client").Time
        );
        var (typed, native, aws, kubectl) = (medians[0], medians[1], medians[2], medians[3]);
        yield return Figures.Row("`./podspace version`, as typed", $"{typed:0.0} ms ({native:0.0} ms without the launcher)", "", "");
        yield return Figures.Row("… against `aws --version`", $"{aws:0} ms", $"1/{aws / typed:0.0}", "≤ 1/15");
        yield return Figures.Row("… against `kubectl version --client`", $"{kubectl:0} ms", $"1/{kubectl / typed:0.0}", "≤ 1/2");
    }
}
