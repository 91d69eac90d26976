using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Podspace.Cli;

namespace Podspace.Tests.Cli;

public sealed class ForecastCommandTests : IDisposable
{
    private readonly CommandRun run = new();

    [Fact]
    public async Task A_history_says_when_each_subnet_is_full()
    {
        run.Write("history.csv", Csv(60, ("pods-eu-west-1b-0", 3000, -40), ("pods-eu-west-1c-0", 3000, -2), ("other", 500, 0)));
        var (exit, output, error) = await run.RunAsync("forecast --history @history.csv --plot @plot.svg");

        Assert.Equal((ExitCode.Something, ""), (exit, error));
        Golden.Matches(output, "Cli/forecast.golden");
        Golden.Matches(run.Read("plot.svg"), "Rendering/forecast.golden.svg");
    }

    [Fact]
    public async Task Programs_get_the_same()
    {
        run.Write("history.csv", Csv(60, ("pods-eu-west-1b-0", 3000, -40)) + Csv(10, ("young", 900, -40)).Split('\n', 2)[1]);
        var (exit, output, _) = await run.RunAsync("forecast --history @history.csv -o json");

        Assert.Equal(ExitCode.Something, exit);
        Golden.Matches(output, "Cli/forecast.json.golden");
    }

    [Fact]
    public async Task A_quiet_history_ends_with_0()
    {
        run.Write("history.csv", Csv(60, ("b", 3000, -20)));

        Assert.Equal(ExitCode.Fine, (await run.RunAsync("forecast --history @history.csv")).Exit);
        Assert.Equal(ExitCode.Something, (await run.RunAsync("forecast --history @history.csv --within 120")).Exit);
    }

    [Fact]
    public async Task With_a_spec_only_its_subnets_count_under_their_names_and_what_nobody_measured_is_said()
    {
        run.Write("history.csv", Csv(60, ("100.64.0.0/18", 9000, -10), ("elsewhere", 100, -1)));
        var (exit, output, _) = await run.HereAsync("forecast --history @history.csv");

        Assert.Equal(ExitCode.Fine, exit);
        Assert.Contains("pods-eu-west-1b-0", output, StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere", output, StringComparison.Ordinal);
        Assert.Contains("The history holds nothing of pods-eu-west-1c-0.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Prometheus_is_asked_for_each_measure_and_its_password_stands_nowhere()
    {
        using var server = new Answering(query =>
            query.Contains("podspace_subnet_free_addresses", StringComparison.Ordinal)
                ? Matrix("subnet-0b", 60, day => 3000 - (40 * day))
                : Matrix("subnet-0b", 0, _ => 0)
        );
        var (exit, output, error) = await run.RunAsync($"forecast --prometheus http://user:secret@{server.Address} --days 60");

        Assert.Equal((ExitCode.Something, ""), (exit, error));
        Assert.Contains("subnet-0b", output, StringComparison.Ordinal);
        Assert.Equal(3, server.Queries.Count);
        Assert.Equal(Enumerable.Repeat("Basic dXNlcjpzZWNyZXQ=", 3), server.Authorizations);
    }

    [Fact]
    public async Task A_Prometheus_that_says_no_is_quoted_without_the_password()
    {
        using var server = new Answering(_ => """{"status":"error","errorType":"bad_data","error":"parse error"}""");
        var (exit, _, error) = await run.RunAsync($"forecast --prometheus http://user:secret@{server.Address}");

        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("Prometheus says bad_data: parse error", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("forecast", "podspace forecast --history history.csv")]
    [InlineData("forecast --history @none.csv", "there is no file")]
    [InlineData("forecast --history @world.yaml", "does not name the columns time, subnet and free")]
    [InlineData("forecast --prometheus localhost", "is no address of a Prometheus")]
    public async Task Bad_input_is_told_in_one_message(string line, string words)
    {
        var (exit, output, error) = await run.RunAsync(line);

        Assert.Equal((ExitCode.Error, ""), (exit, output));
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    public void Dispose() => run.Dispose();

    /// <summary>Six samples a day, a fifth less busy at weekends.</summary>
    private static string Csv(int days, params (string Subnet, double Free, double PerDay)[] subnets)
    {
        var text = new StringBuilder("time,subnet,free,free_prefixes\n");
        foreach (var (subnet, free, perDay) in subnets)
        {
            for (var at = 0; at < days * 6; at++)
            {
                var (time, level) = (
                    new DateTime(2026, 9, 7, 0, 0, 0, DateTimeKind.Utc).AddHours(at * 4),
                    Math.Max(0, free + (perDay * at / 6)) * (at / 6 % 7 >= 5 ? 1.1 : 1)
                );
                text.Append(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ssZ},{subnet},{level:0},\n");
            }
        }
        return text.ToString();
    }

    private static string Matrix(string subnet, int days, Func<double, double> free) =>
        """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"subnet":"SUBNET"},"values":[VALUES]}]}}"""
            .Replace("SUBNET", subnet, StringComparison.Ordinal)
            .Replace(
                "VALUES",
                string.Join(
                    ',',
                    Enumerable
                        .Range(0, days * 24)
                        .Select(hour =>
                            string.Create(CultureInfo.InvariantCulture, $"[{1793534400 + (hour * 3600)},\"{free(hour / 24.0):0}\"]")
                        )
                ),
                StringComparison.Ordinal
            );

    /// <summary>A Prometheus on loopback that says what it is told to.</summary>
    private sealed class Answering : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly Task serving;

        public Answering(Func<string, string> answer)
        {
            listener.Start();
            serving = ServeAsync(answer);
        }

        public string Address => listener.LocalEndpoint.ToString()!;

        public List<string> Queries { get; } = [];

        public List<string> Authorizations { get; } = [];

        public void Dispose()
        {
            listener.Stop();
            serving.GetAwaiter().GetResult();
        }

        private async Task ServeAsync(Func<string, string> answer)
        {
            while (true)
            {
                try
                {
                    using var client = await listener.AcceptTcpClientAsync();
                    using var reader = new StreamReader(client.GetStream());
                    Queries.Add((await reader.ReadLineAsync())!.Split(' ')[1]);
                    for (var line = await reader.ReadLineAsync(); line is { Length: > 0 }; line = await reader.ReadLineAsync())
                    {
                        Authorizations.AddRange(line.StartsWith("Authorization: ", StringComparison.Ordinal) ? [line[15..]] : []);
                    }
                    var body = Encoding.UTF8.GetBytes(answer(Queries[^1]));
                    await client
                        .GetStream()
                        .WriteAsync(
                            Encoding.UTF8.GetBytes(
                                $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                                    + $"{body.Length}\r\nConnection: close\r\n\r\n"
                            )
                        );
                    await client.GetStream().WriteAsync(body);
                }
                catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
