using Podspace.Applying;
using Polly;
using Polly.Retry;

namespace Podspace.Aws;

/// <summary>Sends calls: each attempt is told to the connection's listener, each failure
/// classified, and retried only when its class allows.</summary>
internal sealed class Wire
{
    // 0.3 s doubling to 10 s, eight tries: about half a minute, in which EC2's buckets refill (mutating calls: 5 a second).
    // Source: EC2 Developer Guide, "Request throttling".
    private const int TransientRetries = 7;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    // What was just made may be unknown to other parts of EC2 for some seconds; 40 s of asking again covers what was seen.
    // Source: EC2 API Reference, "Eventual consistency".
    private const int SettlingRetries = 20;
    private static readonly TimeSpan SettlingDelay = TimeSpan.FromSeconds(2);

    private readonly AwsConnection connection;
    private readonly ResiliencePipeline retries;

    public Wire(AwsConnection connection)
    {
        this.connection = connection;
        // In process nobody competes for the buckets, and two runs are to be alike.
        Func<double> jitter = connection.Handler is null ? Random.Shared.NextDouble : () => 0.5;
        retries = new ResiliencePipelineBuilder { TimeProvider = connection.Time }
            .AddRetry(
                new RetryStrategyOptions
                {
                    ShouldHandle = arguments => new(arguments.Outcome.Exception is Refused { Refusal.Kind: RefusalKind.Unavailable }),
                    MaxRetryAttempts = TransientRetries,
                    BackoffType = DelayBackoffType.Exponential,
                    Delay = FirstDelay,
                    MaxDelay = LongestDelay,
                    UseJitter = true,
                    Randomizer = jitter,
                }
            )
            .AddRetry(
                new RetryStrategyOptions
                {
                    ShouldHandle = arguments => new(arguments.Outcome.Exception is Refused { SettlesSoon: true }),
                    MaxRetryAttempts = SettlingRetries,
                    BackoffType = DelayBackoffType.Constant,
                    Delay = SettlingDelay,
                }
            )
            .Build();
    }

    /// <summary>The answer, or <see cref="Refused"/> when the retries are at their end.</summary>
    /// <param name="send">One attempt; answers with the value and the service's request id.</param>
    /// <param name="settlesSoon">Reports whether a refusal only means that the world is not yet up to date.</param>
    public async Task<T> SendAsync<T>(
        Call call,
        Func<CancellationToken, Task<(T, string?)>> send,
        CancellationToken cancel,
        Func<Refusal, bool>? settlesSoon = null
    )
    {
        // Past the pipeline's own result: a native program resolves its generic methods anew
        // for each type of answer, half a millisecond each.
        T answer = default!;
        await retries.ExecuteAsync(
            async token =>
            {
                answer = await AttemptAsync(call, send, settlesSoon, token);
            },
            cancel
        );
        return answer;
    }

    private async Task<T> AttemptAsync<T>(
        Call call,
        Func<CancellationToken, Task<(T, string?)>> send,
        Func<Refusal, bool>? settlesSoon,
        CancellationToken cancel
    )
    {
        var at = connection.Time.GetUtcNow();
        try
        {
            var (value, requestId) = await send(cancel);
            Tell(call, at, requestId, null);
            return value;
        }
        catch (Exception exception) when (Refusals.From(exception, cancel) is { } refusal)
        {
            // DryRun's yes comes as an error; to whoever reads the report it is none.
            var isDryRun = Refusals.Is(refusal, "DryRunOperation");
            Tell(call, at, refusal.RequestId, isDryRun ? null : refusal.Code, isDryRun);
            var isEnough = call.IsAdvisory && Refusals.Is(refusal, Refusals.NoAnswerCode, Refusals.InvalidAnswerCode);
            var told = Explained(call, isEnough ? refusal with { Kind = RefusalKind.Final } : refusal);
            throw new Refused(told, settlesSoon?.Invoke(refusal) == true);
        }
    }

    private Refusal Explained(Call call, Refusal refusal)
    {
        if (Refusals.IsExpired(refusal))
        {
            return refusal with { Message = $"{refusal.Message}\n{Credentials.NextCommand(connection)}", IsSignedOut = true };
        }
        var lacksTheRight = Refusals.IsNotAllowed(refusal) && !refusal.Message.Contains($":{call.Operation}", StringComparison.Ordinal);
        return lacksTheRight ? refusal with { Message = $"{call.Service}:{call.Operation}: {refusal.Message}" } : refusal;
    }

    private void Tell(Call call, DateTimeOffset at, string? requestId, string? error, bool isDryRun = false) =>
        connection.OnCall?.Invoke(
            new(call.Service, call.Operation, call.IsWrite, at, connection.Time.GetUtcNow() - at, requestId, error, isDryRun)
        );
}

/// <param name="IsAdvisory">Nothing stands on its answer: where nobody answers, as in a VPC
/// without a way there, it is not asked again.</param>
internal readonly record struct Call(string Service, string Operation, bool IsWrite = false, bool IsAdvisory = false);
