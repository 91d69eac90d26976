namespace Podspace.Tests.Applying;

/// <summary>Ends a run at one of its calls, as a kill would: before the call has any
/// effect, or after it, when the answer is lost.</summary>
/// <param name="at">Counted from 1; 0 never cuts and only counts.</param>
/// <param name="counts">Which calls are counted; null: all.</param>
internal sealed class Cut(
    HttpMessageHandler inner,
    int at,
    bool isAfterEffect,
    CancellationTokenSource run,
    Func<Asked, bool>? counts = null
) : DelegatingHandler(inner)
{
    private int calls;

    public int Calls => calls;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (run.IsCancellationRequested)
        {
            throw new OperationCanceledException(run.Token);
        }
        var isLast = (counts is null || counts(await Asked.OfAsync(request, cancellationToken))) && Interlocked.Increment(ref calls) == at;
        if (isLast && !isAfterEffect)
        {
            await run.CancelAsync();
            throw new OperationCanceledException(run.Token);
        }
        var response = await base.SendAsync(request, cancellationToken);
        if (isLast)
        {
            await run.CancelAsync();
            throw new OperationCanceledException(run.Token);
        }
        return response;
    }
}
