using CsCheck;
using Podspace.Forecasting;

namespace Podspace.Tests.Forecasting;

public sealed class ForecastTests
{
    private static readonly DateTimeOffset Start = RecordedSeries.Start;

    private static readonly IReadOnlyList<RecordedSeries> FillingSeries = [.. RecordedSeries.Filling(1), .. HarderSeries.Filling(1)];

    private static readonly IReadOnlyList<RecordedSeries> FlatSeries = [.. RecordedSeries.Flat(1), .. HarderSeries.Flat(1)];

    public static TheoryData<string> Filling => [.. FillingSeries.Select(series => series.Name)];

    public static TheoryData<string> Flat => [.. FlatSeries.Select(series => series.Name)];

    [Theory]
    [MemberData(nameof(Filling))]
    public void A_subnet_that_fills_is_warned_of_two_weeks_before(string name)
    {
        var series = FillingSeries.Single(one => one.Name == name);

        Assert.True(Of(series.Until(series.Days - 14)).IsWithin(Forecast.UsualWithin));
    }

    [Theory]
    [MemberData(nameof(Flat))]
    public void A_subnet_that_never_fills_is_never_warned_of(string name)
    {
        var series = FlatSeries.Single(one => one.Name == name);

        Assert.All(
            Enumerable.Range(0, 16).Select(turn => 24 + (turn * 13)),
            day => Assert.False(Of(series.Until(day)).IsWithin(Forecast.UsualWithin), $"day {day}")
        );
    }

    [Fact]
    public void The_day_of_steady_growth_is_found_and_lies_in_its_band()
    {
        var series = RecordedSeries.Filling(1).Single(one => one.Name == "steady growth");
        var forecast = Of(series.Until(series.Days - 28));

        Assert.Equal(Outlook.Fills, forecast.Outlook);
        Assert.InRange(RecordedSeries.Day(series.Days), forecast.Early!.Value, forecast.Late!.Value);
        Assert.InRange(forecast.PerDay, -20, -16);
    }

    [Theory]
    [InlineData(1, 24)]
    [InlineData(2, 24)]
    [InlineData(14, 24)]
    [InlineData(20, 24)]
    [InlineData(20, 1)]
    public void Less_than_three_weeks_are_no_history(int days, int aDay)
    {
        // The line through these points is plain to see, and it may be nothing but a week's rhythm.
        var samples = Every(days, aDay, at => 4000 - (100 * at));

        Assert.Equal(Outlook.NotEnoughHistory, Of(samples).Outlook);
        Assert.False(Of(samples).IsWithin(365));
    }

    [Fact]
    public void Three_weeks_of_one_sample_a_day_are_enough() =>
        Assert.Equal(Outlook.Fills, Of(Every(21, 1, at => 4000 - (100 * at))).Outlook);

    [Fact]
    public void A_subnet_without_a_free_address_is_full_now_however_short_its_history()
    {
        Assert.Equal(Outlook.Full, Of(Every(2, 24, _ => 0)).Outlook);
        Assert.True(Of(Every(60, 24, _ => 0)).IsWithin(1));
    }

    [Fact]
    public void Zeros_in_the_last_hour_are_believed_once_they_last()
    {
        IReadOnlyList<Sample> Ending(int hours) =>
            [.. Every(60, 24, _ => 2000), .. Enumerable.Range(0, hours).Select(hour => new Sample(Start.AddDays(60).AddHours(hour), 0))];

        Assert.Equal(Outlook.NotInSight, Of(Ending(3)).Outlook);
        Assert.Equal(
            Outlook.Full,
            Of([.. Ending(12), .. Enumerable.Range(12, 12).Select(hour => new Sample(Start.AddDays(60).AddHours(hour), 900))]).Outlook
        );
    }

    [Fact]
    public void A_subnet_that_nobody_uses_is_never_full()
    {
        var forecast = Of(Every(60, 24, _ => 4091));

        Assert.Equal((Outlook.NotInSight, 0.0, null), (forecast.Outlook, forecast.PerDay, forecast.Early));
    }

    [Fact]
    public void Wrong_samples_are_left_out_and_told()
    {
        var samples = Every(60, 24, at => 4000 - (10 * at)).ToList();
        samples[100] = samples[100] with { Value = double.NaN };
        samples[200] = samples[200] with { Value = 0 };
        samples[300] = samples[300] with { At = DateTimeOffset.UnixEpoch };
        samples[500] = samples[500] with { At = samples[500].At.AddHours(-2) };
        samples.RemoveRange(700, 48);
        var forecast = Of(samples);

        Assert.InRange(forecast.PerDay, -10.01, -9.99);
        Assert.Equal(5, forecast.Remarks.Count);
    }

    [Fact]
    public void One_jump_is_an_event_and_several_are_growth()
    {
        var once = Of(Every(80, 24, at => at < 50 ? 3000 : 2400));
        var often = Of(Every(80, 24, at => 3500 - (350 * Math.Floor(at / 10))));

        Assert.Equal(
            (Outlook.NotInSight, "A jump by -600 on 2026-04-21 counts as an event and not as growth."),
            (once.Outlook, Assert.Single(once.Remarks))
        );
        Assert.Equal(Outlook.Fills, often.Outlook);
    }

    [Theory]
    [InlineData(2600, "less")]
    [InlineData(900, "more")]
    public void Days_of_another_level_that_ended_say_nothing_of_growth(double meanwhile, string used)
    {
        var forecast = Of(Every(80, 24, at => at is >= 50 and < 70 ? meanwhile : 2000));

        Assert.Equal((Outlook.NotInSight, 0.0), (forecast.Outlook, forecast.PerDay));
        Assert.Equal(
            $"From 2026-04-21 to 2026-05-10 {used} was used than before and after; these days count for no growth.",
            Assert.Single(forecast.Remarks)
        );
    }

    [Fact]
    public void Two_sales_are_no_growth() =>
        Assert.Equal(Outlook.NotInSight, Of(Every(90, 24, at => at is (>= 30 and < 35) or (>= 60 and < 65) ? 500 : 2000)).Outlook);

    [Fact]
    public void Climbing_back_from_holidays_is_no_growth_and_climbing_on_is()
    {
        double Free(double at) =>
            at < 50 ? 1500
            : at < 70 ? 3000
            : 3000 - (60 * (at - 70));

        Assert.All([72, 74, 76, 78], days => Assert.False(Of(Every(days, 24, Free)).IsWithin(30), $"{days} days"));
        Assert.All([98, 100, 102, 104, 106], days => Assert.True(Of(Every(days, 24, Free)).IsWithin(30), $"{days} days"));
    }

    [Fact]
    public void Reserved_addresses_are_no_room_for_single_ones_and_blocks_are_forecast_beside()
    {
        var history = new History(
            [
                new("b", Measure.FreeAddresses, Every(40, 24, at => 2000 - (20 * at))),
                new("b", Measure.FreeReserved, Every(40, 24, _ => 1000)),
                new("b", Measure.FreePrefixes, Every(40, 24, at => 60 - at)),
            ],
            []
        );
        var forecast = Forecast.From(history, 30, countsPrefixes: true);

        Assert.Equal(
            [(Stock.Addresses, 201.0), (Stock.Prefixes, 21.0)],
            forecast.Subnets.Select(one => (one.Stock, Math.Ceiling(one.Free))).OrderBy(one => one.Stock)
        );
        Assert.Equal(Stock.Addresses, forecast.Subnets[0].Stock);
        Assert.Equal([Stock.Addresses], Forecast.From(history, 30, countsPrefixes: false).Subnets.Select(one => one.Stock));
    }

    [Fact]
    public void Any_history_gets_an_answer_whose_band_is_in_order() =>
        Gen.Select(Gen.Int[0, 1500], Gen.Double[0, 5000])
            .Select((hour, value) => new Sample(Start.AddHours(hour), Math.Round(value)))
            .List[1, 900]
            .Sample(
                samples =>
                {
                    var forecast = Of(samples);
                    Assert.True(
                        (forecast.Early ?? DateOnly.MaxValue) <= (forecast.Day ?? DateOnly.MaxValue)
                            && (forecast.Day ?? DateOnly.MaxValue) <= (forecast.Late ?? DateOnly.MaxValue)
                    );
                    Assert.Equal(forecast.Day, Of(samples).Day);
                },
                iter: 60
            );

    /// <param name="free">By days since the start.</param>
    private static List<Sample> Every(int days, int aDay, Func<double, double> free) =>
        [.. Enumerable.Range(0, days * aDay).Select(at => new Sample(Start.AddHours(at * 24.0 / aDay), free(at / (double)aDay)))];

    private static SubnetForecast Of(IReadOnlyList<Sample> samples) => SubnetForecast.Of("b", Stock.Addresses, samples)!;
}
