namespace Podspace.Forecasting;

/// <summary>What was measured of a subnet.</summary>
public enum Measure
{
    /// <summary>As EC2 counts them: AvailableIpAddressCount.</summary>
    FreeAddresses,

    /// <summary>Whole free /28 blocks, of the reservation where there is one.</summary>
    FreePrefixes,

    /// <summary>Those of the free addresses that are kept for prefixes, so that no single address comes from them.</summary>
    FreeReserved,
}

public readonly record struct Sample(DateTimeOffset At, double Value);

/// <param name="Samples">In the order in which they were read; clean up comes later.</param>
public sealed record MeasuredSeries(string Subnet, Measure Measure, IReadOnlyList<Sample> Samples);

/// <summary>What was written down of subnets over weeks.</summary>
/// <param name="Remarks">What was left out in reading, and why.</param>
public sealed record History(IReadOnlyList<MeasuredSeries> Series, IReadOnlyList<string> Remarks)
{
    public static readonly History Nothing = new([], []);

    /// <summary>Both together. Series of the same subnet and measure are joined.</summary>
    public History With(History other) =>
        new(
            Series
                .Concat(other.Series)
                .GroupBy(series => (series.Subnet, series.Measure))
                .Select(group => new MeasuredSeries(group.Key.Subnet, group.Key.Measure, [.. group.SelectMany(series => series.Samples)]))
                .ToList(),
            [.. Remarks, .. other.Remarks]
        );
}
