using Podspace.Cni;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

/// <summary>Instances: pending → running → shutting-down → terminated, then forgotten.</summary>
public sealed partial class Compute
{
    private const string Running = "instance-running";
    private const string Terminated = "instance-terminated";
    private const string Forgotten = "instance-forgotten";

    private static readonly TimeSpan Boot = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Stop = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a terminated instance can still be described. Source: EC2 User Guide, "Terminate
    /// your instance" ("a short while", usually an hour).</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>The types that can be launched: those of the world file, then the built-in table's.</summary>
    public IEnumerable<InstanceType> InstanceTypes =>
        Aws.InstanceTypes.Concat(
            InstanceLimits.All.Where(limits => !Aws.InstanceTypes.Exists(type => type.Name == limits.Type)).Select(FromTable)
        );

    /// <exception cref="WorldRefusal">InvalidParameterValue: neither the world nor the built-in
    /// table knows the type; limits are never guessed.</exception>
    public InstanceType FindType(string name) =>
        TypeOrNull(name)
        ?? throw new WorldRefusal(
            "InvalidParameterValue",
            $"Invalid value '{name}' for InstanceType. This world does not know its limits: add it to aws.instanceTypes."
        );

    internal InstanceType? TypeOrNull(string name) =>
        Aws.InstanceTypes.Find(type => type.Name == name) ?? (InstanceLimits.Find(name) is { } limits ? FromTable(limits) : null);

    /// <summary>Starts one instance whose primary interface stands in the subnet.</summary>
    /// <param name="key">Identifies what the instance is for; ids follow from it.</param>
    public Instance RunInstance(string type, string subnetId, IReadOnlyList<string> groups, IReadOnlyList<Tag> tags, string key)
    {
        FindType(type);
        CheckUsage(OpenSubnet(subnetId).VpcId, 1);
        var primary = NewInterface(subnetId, groups, "", 0, 0, [], $"{key}/eth0");
        var instance = new Instance
        {
            InstanceId = world.NewId("i", key),
            InstanceType = type,
            State = "pending",
            LaunchTime = world.Clock.GetUtcNow(),
            Tags = Copy(tags),
        };
        Aws.Instances.Add(instance);
        Aws.NetworkInterfaces.Add(primary);
        Connect(primary, instance, 0);
        world.Record("ec2", "RunInstances", instance.InstanceId);
        world.Later(Boot, Running, instance.InstanceId);
        return instance;
    }

    /// <summary>All or none: an unknown id refuses the call. What is terminated already stays so.</summary>
    public void TerminateInstances(IReadOnlyList<string> ids)
    {
        foreach (var instance in ids.Select(FindInstance).ToList())
        {
            if (instance.State is "shutting-down" or "terminated")
            {
                continue;
            }
            instance.State = "shutting-down";
            world.Record("ec2", "TerminateInstances", instance.InstanceId);
            world.Later(Stop, Terminated, instance.InstanceId);
        }
    }

    private void EndLaunch(string id)
    {
        if (Aws.Instances.Find(instance => instance.InstanceId == id) is { State: "pending" } instance)
        {
            instance.State = "running";
            world.Record("ec2", "instance-running", id);
        }
    }

    /// <summary>Its interfaces go with it: DeleteOnTermination is set on the primary by default and by the CNI on all others.</summary>
    private void EndTermination(string id)
    {
        if (Aws.Instances.Find(instance => instance.InstanceId == id) is not { State: "shutting-down" } instance)
        {
            return;
        }
        instance.State = "terminated";
        Aws.NetworkInterfaces.RemoveAll(found => found.Attachment?.InstanceId == id);
        world.Record("ec2", "instance-terminated", id);
        world.Later(Memory, Forgotten, id);
    }

    private void Forget(string id)
    {
        if (Aws.Instances.RemoveAll(instance => instance.InstanceId == id && instance.State == "terminated") > 0)
        {
            world.Record("ec2", "instance-forgotten", id);
        }
    }

    private static InstanceType FromTable(InstanceLimits limits) =>
        new()
        {
            Name = limits.Type,
            MaximumNetworkInterfaces = limits.Interfaces,
            Ipv4AddressesPerInterface = limits.AddressesPerInterface,
            Hypervisor = limits.Hypervisor,
            BareMetal = limits.IsBareMetal,
            DefaultVCpus = limits.VCpus,
        };

    private static List<Tag> Copy(IReadOnlyList<Tag> tags) => [.. tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })];
}
