namespace Podspace.Bench;

/// <summary>The guide's plan on a world file: read, simulate, observe through the real adapters, design, plan, print.</summary>
internal static class PlanBench
{
    public static IEnumerable<string> Run(Checkout podspace, Scratch folder)
    {
        var plan = new Command(podspace.Native, "plan", "-f", podspace.Overlay, "--twin", podspace.FreshWorld(folder));
        var median = SideBySide.Medians(15, 2, plan.Time)[0];
        yield return Figures.Row("`podspace plan` of the guide, `--twin`", $"{median:0} ms", "", "< 50 ms");
    }
}
