namespace Podspace.Bench;

/// <summary>The guide's network and admit stages over sockets, every call at least 50 ms: against
/// the critical path, and by hand with the AWS CLI.</summary>
internal static class ApplyBench
{
    private const int Delay = 50;

    public static IEnumerable<string> Run(Checkout podspace, Scratch folder)
    {
        var path = CriticalPath.Of(
            new Command(podspace.Native, "plan", "-o", "json", "-f", podspace.Overlay, "--twin", podspace.FreshWorld(folder)).Output()
        );
        var medians = SideBySide.Medians(5, 1, Apply, () => ByHand(), () => ByHand("look"));
        var (apply, hand, looking, bound) = (medians[0], medians[1], medians[2], path.Milliseconds(Delay));
        yield return Figures.Row(
            $"critical path: {path.Calls} calls of {Delay} ms and {path.Waits} ms of the world's own",
            $"{bound:0} ms",
            "",
            ""
        );
        yield return Figures.Row(
            "`podspace apply` of the network and admit stages",
            $"{apply:0} ms",
            $"{apply / bound:0.00} × the path",
            "≤ 1.3 ×"
        );
        yield return Figures.Row(
            "… against the AWS CLI, the bare steps one after the other",
            $"{hand / 1000:0.0} s",
            $"{hand / apply:0.0} × as long",
            "≥ 8 ×"
        );
        yield return Figures.Row(
            "… against the AWS CLI, reading once what `apply` reads, then the steps",
            $"{looking / 1000:0.0} s",
            $"{looking / apply:0.0} × as long",
            ""
        );

        TimeSpan Apply()
        {
            using var twin = new TwinProcess(podspace, folder, Delay);
            return new Command(podspace.Native, "apply", "--yes", "--stage", "admit", "-f", podspace.Overlay)
            {
                Environment = twin.Environment,
            }.Time();
        }

        TimeSpan ByHand(params string[] how)
        {
            using var twin = new TwinProcess(podspace, folder, Delay);
            return new Command(podspace.ByHand, how) { Environment = twin.Environment }.Time();
        }
    }
}
