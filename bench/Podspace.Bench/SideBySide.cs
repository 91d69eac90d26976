namespace Podspace.Bench;

/// <summary>Measures several things in turn, round after round, so that whatever the machine does meanwhile falls on all of them.</summary>
internal static class SideBySide
{
    /// <param name="warmUps">Rounds that do not count: caches fill, the disk is read once.</param>
    /// <returns>The median of each, in milliseconds.</returns>
    public static double[] Medians(int rounds, int warmUps, params Func<TimeSpan>[] measured)
    {
        var times = measured.Select(_ => new List<double>()).ToList();
        for (var round = -warmUps; round < rounds; round++)
        {
            for (var i = 0; i < measured.Length; i++)
            {
                var time = measured[i]().TotalMilliseconds;
                if (round >= 0)
                {
                    times[i].Add(time);
                }
            }
        }
        return [.. times.Select(Median)];
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return (times[(times.Count - 1) / 2] + times[times.Count / 2]) / 2;
    }
}
