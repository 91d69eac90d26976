using Podspace.Simulation;
using Podspace.Simulation.State;
using Podspace.Simulation.WorldFile;
using Podspace.Twin;
using Podspace.Twin.Kubernetes;

namespace Podspace.Bench;

/// <summary>How many calls of EC2 and EKS a plan makes where nothing is left to do, by the number of zones.</summary>
internal static class CallsBench
{
    private static readonly string[] Zones = ["eu-west-1b", "eu-west-1c", "eu-west-1a", "eu-west-1d", "eu-west-1e", "eu-west-1f"];

    public static async Task<IEnumerable<string>> RunAsync(Checkout podspace, Scratch folder)
    {
        var counts = new List<(int Zones, int Calls)>();
        foreach (var zones in (int[])[2, 3, 6])
        {
            counts.Add((zones, await CountAsync(podspace, folder, zones)));
        }
        return
        [
            Figures.Row(
                $"EC2 and EKS calls of `plan`, synced, {string.Join(", ", counts.Select(count => count.Zones))} zones",
                string.Join(", ", counts.Select(count => count.Calls)),
                "",
                "constant"
            ),
        ];
    }

    private static async Task<int> CountAsync(Checkout podspace, Scratch folder, int zones)
    {
        var (overlay, world) = (folder.File("overlay.yaml"), folder.File("world.yaml"));
        await File.WriteAllTextAsync(
            overlay,
            (await File.ReadAllTextAsync(podspace.Overlay)).Replace(
                "[eu-west-1b, eu-west-1c]",
                $"[{string.Join(", ", Zones[..zones])}]",
                StringComparison.Ordinal
            )
        );
        var state = Read(podspace.World);
        AddZones(state.Aws, zones);
        await File.WriteAllTextAsync(world, WorldWriter.Write(state));
        new Command(podspace.Native, "apply", "--yes", "--stage", "switch", "-f", overlay, "--twin", world).Output();

        var twin = new World(Read(world), TimeProvider.System);
        await using var server = await TwinServer.StartAsync(twin, new KubernetesEndpoint(twin), new(), CancellationToken.None);
        var kubeconfig = folder.File("kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, server.Kubeconfig);
        // Fails, with 2, when there is something left to do.
        new Command(podspace.Native, "plan", "--detailed-exitcode", "-f", overlay)
        {
            Environment = Clients.Environment(server.AwsUrl.ToString(), kubeconfig),
        }.Output();
        return server.Aws.Calls.Count(call => call.Service is "ec2" or "eks");
    }

    private static WorldState Read(string world) =>
        WorldReader.Read(File.ReadAllText(world), world).Ok(out var state)
            ? state
            : throw new InvalidOperationException($"{world} is no world.");

    /// <summary>Further zones with a subnet for nodes each; the guide's VPC has no room for them, so it gets a second block.</summary>
    private static void AddZones(AwsState aws, int zones)
    {
        var vpc = aws.Vpcs[0];
        vpc.CidrBlockAssociationSet.Add(new() { AssociationId = "vpc-cidr-assoc-0bench", CidrBlock = "10.196.25.0/24" });
        foreach (var (zone, number) in Zones[..zones].Skip(2).Select((zone, number) => (zone, number)))
        {
            if (!aws.AvailabilityZones.Exists(known => known.ZoneName == zone))
            {
                aws.AvailabilityZones.Add(new() { ZoneName = zone, ZoneId = $"euw1-az{number + 4}" });
            }
            aws.Subnets.Add(
                new()
                {
                    SubnetId = $"subnet-0bec0000{number}",
                    VpcId = vpc.VpcId,
                    CidrBlock = $"10.196.25.{number * 32}/27",
                    AvailabilityZone = zone,
                    OwnerId = aws.Account,
                }
            );
        }
    }
}
