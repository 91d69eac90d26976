using Podspace.Applying;
using Podspace.Aws;
using Podspace.Kubernetes;
using Podspace.Model;
using Podspace.Operations;
using Podspace.Simulation;
using Podspace.Simulation.Faults;
using Podspace.Simulation.WorldFile;
using Podspace.Spec;
using Podspace.Twin;
using Podspace.Twin.Aws;
using Podspace.Twin.Faults;
using Podspace.Twin.Kubernetes;

namespace Podspace.Tests.Operations;

/// <summary>An example of examples/ in the twin, and whoever runs operations on it: hears all, and agrees.</summary>
internal sealed class TwinEstate : IConnections, IOperationHost, IDisposable
{
    private readonly World world;
    private readonly TwinHandler wire;

    public TwinEstate(string example, bool isRealistic = false)
    {
        Source = new("overlay.yaml", File.ReadAllText(Path.Combine(Golden.Checkout(), "examples", example, "overlay.yaml")));
        world = new(Worlds.State(example));
        wire = isRealistic ? Realistic(world) : new(new AwsEndpoint(world), new KubernetesEndpoint(world));
        Assert.True(OverlayYaml.ParseAll([Source]).Ok(out var all));
        Cloud = new AwsCloud(AwsConnection.InProcess(all.Overlays[0].Region, wire, world.Clock));
        Overlay = new(all.Overlays[0], this, this);
    }

    public SourceText Source { get; }

    public Overlay Overlay { get; }

    public List<OperationEvent> Heard { get; } = [];

    public List<Question> Asked { get; } = [];

    public Approval Answer { get; set; } = Approval.AsShown;

    public ICloud Cloud { get; }

    public ICluster? KnownCluster { get; private set; }

    public TimeProvider Time => world.Clock;

    public string Holder => "operations";

    public ICluster? ClusterOf(CloudInventory cloud) =>
        KnownCluster ??= cloud.Cluster is null ? null : new LiveCluster(ClusterConnection.InProcess(wire, world.Clock));

    public void Hear(OperationEvent happened)
    {
        lock (Heard)
        {
            Heard.Add(happened);
        }
    }

    public Task<Approval> ApproveAsync(Question question, CancellationToken cancel)
    {
        Asked.Add(question);
        return Task.FromResult(Answer);
    }

    private static TwinHandler Realistic(World world)
    {
        var faults = new Faults(world, new() { Realistic = true });
        return new(
            FaultyEndpoint.OfAws(new AwsEndpoint(world), world, faults),
            FaultyEndpoint.OfKubernetes(new KubernetesEndpoint(world), world, faults)
        );
    }

    public string Saved() => WorldWriter.Write(world.State);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose() => wire.Dispose();
}
