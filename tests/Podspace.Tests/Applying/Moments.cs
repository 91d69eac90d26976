using System.Security.Cryptography;
using Podspace.Simulation;
using Podspace.Simulation.WorldFile;

namespace Podspace.Tests.Applying;

/// <summary>Every state of the world that a run goes through, seen right before and right after each of
/// its calls: what is left of it when it is cut off there.</summary>
/// <remarks>Between two writes nothing changes but the clock, so there are fewer states than places to cut.</remarks>
internal sealed class Moments(HttpMessageHandler inner, World world) : DelegatingHandler(inner)
{
    private readonly Dictionary<string, Moment> seen = [];
    private readonly Lock gate = new();
    private int calls;

    public int Calls => calls;

    /// <summary>In the order in which the run went through them.</summary>
    public IReadOnlyList<Moment> All
    {
        get
        {
            lock (gate)
            {
                return [.. seen.Values];
            }
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = Interlocked.Increment(ref calls);
        Note($"before call {call}");
        var response = await base.SendAsync(request, cancellationToken);
        Note($"after call {call}");
        return response;
    }

    private void Note(string place)
    {
        lock (gate)
        {
            var state = world.Do(() => WorldCopy.Of(world.State));
            seen.TryAdd(Convert.ToHexString(SHA256.HashData(state)), new(place, state));
        }
    }
}

/// <param name="Place">Such as <c>after call 12</c>.</param>
/// <param name="State">The world as it was then.</param>
internal sealed record Moment(string Place, byte[] State)
{
    public Bench Open() => new(new World(WorldCopy.Read(State)));
}
