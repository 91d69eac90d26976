namespace Podspace.Tests.Applying;

/// <summary>A process that is stopped right before one of its calls, and goes on when others are done.</summary>
internal sealed class Standstill(HttpMessageHandler inner, int at, Func<Task> meanwhile) : DelegatingHandler(inner)
{
    private readonly SemaphoreSlim one = new(1);
    private int calls;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            if (++calls == at)
            {
                await meanwhile();
            }
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            one.Release();
        }
    }
}

/// <summary>Does something before each call.</summary>
internal sealed class Watch(HttpMessageHandler inner, Action each) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        each();
        return base.SendAsync(request, cancellationToken);
    }
}
