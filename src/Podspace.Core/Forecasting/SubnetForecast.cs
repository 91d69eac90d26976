namespace Podspace.Forecasting;

public enum Outlook
{
    /// <summary>Nothing was free on the last day that was seen.</summary>
    Full,

    /// <summary>It fills, and a day can be named.</summary>
    Fills,

    /// <summary>Not within a year.</summary>
    NotInSight,

    NotEnoughHistory,
}

/// <summary>What runs out in a subnet: a node needs single addresses for its interfaces,
/// and with prefixes whole /28 blocks as well.</summary>
public enum Stock
{
    Addresses,
    Prefixes,
}

/// <param name="Today">The last day with samples; days are counted from here.</param>
/// <param name="Free">On it, in its worst hour.</param>
/// <param name="PerDay">Negative: less is free each day.</param>
/// <param name="Early">One in ten likely futures is earlier; null: none of those within a year.</param>
/// <param name="Day">As many are earlier as later.</param>
/// <param name="Late">One in ten is later.</param>
/// <param name="KnownDays">With samples.</param>
/// <param name="Lows">Least of each day from <paramref name="From"/> on; NaN: not known.</param>
/// <param name="Path">Level of the trend on each day from today on; empty without one.</param>
public sealed record SubnetForecast(
    string Subnet,
    Stock Stock,
    Outlook Outlook,
    DateOnly From,
    DateOnly Today,
    double Free,
    double PerDay,
    DateOnly? Early,
    DateOnly? Day,
    DateOnly? Late,
    int KnownDays,
    IReadOnlyList<double> Lows,
    IReadOnlyList<double> Path,
    IReadOnlyList<string> Remarks
)
{
    /// <summary>A day as likely as not within the time, or one in ten within four fifths of it.</summary>
    public bool IsWithin(int days) =>
        Outlook == Outlook.Full
        || (Outlook != Outlook.NotEnoughHistory && (Day <= Today.AddDays(days) || Early <= Today.AddDays(days * 4 / 5)));

    private static Outlook OutlookOf(double free, Exhaustion? exhaustion) =>
        (free, exhaustion) switch
        {
            (0, _) => Outlook.Full,
            (_, null) => Outlook.NotEnoughHistory,
            (_, { Days: null }) => Outlook.NotInSight,
            _ => Outlook.Fills,
        };

    /// <summary>Null: not one sample to go by.</summary>
    internal static SubnetForecast? Of(string subnet, Stock stock, IReadOnlyList<Sample> samples)
    {
        if (DailyLows.Of(samples) is not { } lows)
        {
            return null;
        }
        var remarks = lows.Remarks.ToList();
        var exhaustion = Exhaustion.Of(Events.Of(lows.Values, lows.First, remarks));
        var free = lows.Values[^1];
        var outlook = OutlookOf(free, exhaustion);
        DateOnly? In(int? days) => outlook == Outlook.Full || days is null ? null : lows.Last.AddDays(days.Value);
        return new(
            subnet,
            stock,
            outlook,
            lows.First,
            lows.Last,
            free,
            exhaustion?.Slope ?? 0,
            In(exhaustion?.Early),
            In(exhaustion?.Days),
            In(exhaustion?.Late),
            lows.Known,
            lows.Values,
            exhaustion?.Path ?? [],
            remarks
        );
    }
}

/// <summary>Every subnet of a history, soonest full first.</summary>
/// <param name="Within">Days within which a full subnet is worth a warning.</param>
public sealed record Forecast(EquatableArray<SubnetForecast> Subnets, int Within, EquatableArray<string> Remarks)
{
    /// <summary>A new subnet takes a change in a window; a month leaves room for the ticket.</summary>
    public const int UsualWithin = 30;

    public IEnumerable<SubnetForecast> Warned => Subnets.Where(one => one.IsWithin(Within));

    /// <param name="countsPrefixes">False: nodes take single addresses, so that whole /28 blocks do not matter.</param>
    public static Forecast From(History history, int within, bool countsPrefixes)
    {
        var remarks = history.Remarks.ToList();
        var forecasts = new List<SubnetForecast>();
        foreach (var subnet in history.Series.GroupBy(series => series.Subnet).OrderBy(subnet => subnet.Key, StringComparer.Ordinal))
        {
            IReadOnlyList<Sample> Of(Measure measure) => subnet.FirstOrDefault(series => series.Measure == measure)?.Samples ?? [];
            Add(Stock.Addresses, Singles(Of(Measure.FreeAddresses), Of(Measure.FreeReserved)));
            if (countsPrefixes)
            {
                Add(Stock.Prefixes, Of(Measure.FreePrefixes));
            }

            void Add(Stock stock, IReadOnlyList<Sample> samples)
            {
                if (SubnetForecast.Of(subnet.Key, stock, samples) is { } forecast)
                {
                    forecasts.Add(forecast);
                }
                else if (samples.Count > 0)
                {
                    remarks.Add($"{subnet.Key}: none of its {samples.Count:N0} samples is a number of addresses.");
                }
            }
        }
        return new(
            forecasts.OrderBy(Order).ThenBy(one => one.Subnet, StringComparer.Ordinal).ThenBy(one => one.Stock).ToEquatable(),
            within,
            remarks.ToEquatable()
        );
    }

    private static int Order(SubnetForecast one) =>
        one.Outlook switch
        {
            Outlook.Full => int.MinValue,
            Outlook.Fills => one.Day!.Value.DayNumber,
            Outlook.NotEnoughHistory => int.MaxValue - 1,
            Outlook.NotInSight => int.MaxValue,
        };

    /// <summary>What a single address can still come from: reserved ranges are passed over.
    /// Source: VPC User Guide, "Subnet CIDR reservations".</summary>
    /// <remarks>Whether EC2's own count holds reserved addresses is UNCONFIRMED (a user reports that it does
    /// not); whoever writes free_reserved says that it does.</remarks>
    private static IReadOnlyList<Sample> Singles(IReadOnlyList<Sample> free, IReadOnlyList<Sample> reserved)
    {
        if (reserved.Count == 0)
        {
            return free;
        }
        var sorted = reserved.OrderBy(sample => sample.At).ToList();
        var instants = sorted.ConvertAll(sample => sample.At);
        return free.Select(sample => sample with { Value = Math.Max(0, sample.Value - ReservedAt(sample.At)) }).ToList();

        // The two are not always measured at once: the last word before counts, and for what is older the first.
        double ReservedAt(DateTimeOffset at)
        {
            var found = instants.BinarySearch(at);
            return sorted[Math.Clamp(found >= 0 ? found : ~found - 1, 0, sorted.Count - 1)].Value;
        }
    }
}
