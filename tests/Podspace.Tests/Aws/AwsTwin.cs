using Podspace.Applying;
using Podspace.Aws;
using Podspace.Simulation;
using Podspace.Twin;
using Podspace.Twin.Aws;

namespace Podspace.Tests.Aws;

/// <summary>The guide's VPC with the real adapter in front of it.</summary>
internal sealed class AwsTwin
{
    /// <param name="between">Stands between adapter and twin, to break things.</param>
    public AwsTwin(Func<HttpMessageHandler, HttpMessageHandler>? between = null)
    {
        HttpMessageHandler handler = new TwinHandler(new AwsEndpoint(World), new NoDoor());
        handler = between?.Invoke(handler) ?? handler;
        Cloud = new(AwsConnection.InProcess(World.State.Aws.Region, handler, World.Clock) with { OnCall = Note });
    }

    public World World { get; } = Worlds.Crowded();

    public AwsCloud Cloud { get; }

    public List<CallRecord> Calls { get; } = [];

    private void Note(CallRecord call)
    {
        lock (Calls)
        {
            Calls.Add(call);
        }
    }

    private sealed class NoDoor : IEndpoint
    {
        public Task<TwinResponse> HandleAsync(TwinRequest request, CancellationToken cancel) =>
            Task.FromResult(new TwinResponse(404, "text/plain", default));
    }
}
