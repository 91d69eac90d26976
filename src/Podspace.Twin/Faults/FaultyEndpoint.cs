using System.Runtime.CompilerServices;
using Podspace.Simulation;
using Podspace.Simulation.Faults;
using Work = Podspace.Simulation.Faults.Faults;

namespace Podspace.Twin.Faults;

/// <summary>An endpoint at which things go wrong as a faults file says.</summary>
public sealed class FaultyEndpoint : IEndpoint
{
    private readonly IEndpoint inner;
    private readonly World world;
    private readonly Work faults;
    private readonly Func<TwinRequest, FaultCall> name;
    private readonly StaleReads lagging;
    private readonly bool canLag;

    private FaultyEndpoint(IEndpoint inner, World world, Work faults, Func<TwinRequest, FaultCall> name)
    {
        this.inner = inner;
        this.world = world;
        this.faults = faults;
        this.name = name;
        lagging = new(world, faults.Staleness, inner as Aws.AwsEndpoint);
        canLag = faults.Staleness > TimeSpan.Zero;
    }

    public static FaultyEndpoint OfAws(IEndpoint inner, World world, Work faults) => new(inner, world, faults, CallNames.OfAws);

    public static FaultyEndpoint OfKubernetes(IEndpoint inner, World world, Work faults) =>
        new(inner, world, faults, CallNames.OfKubernetes);

    /// <exception cref="BrokenConnection">There is no answer.</exception>
    public async Task<TwinResponse> HandleAsync(TwinRequest request, CancellationToken cancel)
    {
        var call = name(request);
        var verdict = faults.Judge(call);
        switch (verdict?.Fault)
        {
            case null:
                return await DoAsync(request, call, cancel);
            case FaultKinds.Slow:
                await Task.Delay(verdict.Time, world.Clock, cancel);
                return await DoAsync(request, call, cancel);
            case FaultKinds.Stale:
                return await lagging.AnswerAsync(request, call.IsWrite, verdict.Time, cancel) ?? await DoAsync(request, call, cancel);
            case FaultKinds.Lost:
                await DoAsync(request, call, cancel);
                throw new BrokenConnection(Break.Reset);
            case FaultKinds.Reset:
                throw new BrokenConnection(Break.Reset);
            case FaultKinds.Down:
                throw new BrokenConnection(Break.Refused);
            case FaultKinds.Timeout:
                await Task.Delay(verdict.Time, world.Clock, cancel);
                throw new BrokenConnection(Break.TimedOut);
            default:
                return FaultAnswers.Of(verdict, call.Service);
        }
    }

    private async Task<TwinResponse> DoAsync(TwinRequest request, FaultCall call, CancellationToken cancel)
    {
        if (canLag && call is { Service: "ec2", IsWrite: true })
        {
            lagging.Keep();
        }
        var answer = await inner.HandleAsync(request, cancel);
        return answer.Stream is { } chunks ? answer with { Stream = UntilCut(chunks, call.Service, cancel) } : answer;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> UntilCut(
        IAsyncEnumerable<ReadOnlyMemory<byte>> chunks,
        string service,
        [EnumeratorCancellation] CancellationToken cancel = default
    )
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        void Cut(string gone)
        {
            if (gone == service)
            {
                cut.Cancel();
            }
        }
        faults.WentDown += Cut;
        try
        {
            await using var reading = chunks.GetAsyncEnumerator(cut.Token);
            while (await NextAsync(reading, cut, cancel))
            {
                yield return reading.Current;
            }
        }
        finally
        {
            faults.WentDown -= Cut;
        }
    }

    private static async Task<bool> NextAsync(
        IAsyncEnumerator<ReadOnlyMemory<byte>> reading,
        CancellationTokenSource cut,
        CancellationToken cancel
    )
    {
        try
        {
            return await reading.MoveNextAsync();
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return false;
        }
    }
}
