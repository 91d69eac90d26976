using Podspace.Cni;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Nodes;

/// <summary>ipamd on a node: carries out in EC2 what <see cref="Ipamd"/> decides.</summary>
/// <remarks>
/// Its pool is not stored: it is the addresses on the node's interfaces less those of the node's
/// pods. What the agent does only when it starts (give back what the
/// other mode left behind) is done here whenever there is something to give back, because a
/// change of its settings restarts it everywhere at once.
/// </remarks>
internal sealed class NodeAgent(World world)
{
    private readonly SubnetDiscovery discovery = new(world);

    public static bool HasWork(NodeView view)
    {
        if (view.Settings is not { } settings || view.Pool(settings) is not { } pool)
        {
            return false;
        }
        return Leftovers(view, settings).Any()
            || Ipamd.Attempts(settings, pool).Count > 0
            || Ipamd.Releases(settings, pool).Count > 0
            || Ipamd.Removable(settings, pool) is not null
            || (!view.IsReady && view.CanBeReady);
    }

    /// <summary>One action, as in one round of the agent's loop. False: there was none to take, or AWS refused every one.</summary>
    public bool Act(NodeView view)
    {
        if (view.Settings is not { } settings || view.Pool(settings) is not { } pool)
        {
            return false;
        }
        if (Leftovers(view, settings).ToList() is { Count: > 0 } leftovers)
        {
            leftovers.ForEach(found => GiveBack(view, found, settings));
            return true;
        }
        if (Ipamd.Attempts(settings, pool) is { Count: > 0 } attempts)
        {
            return attempts.Any(attempt => Succeeds(view, settings, attempt));
        }
        if (Ipamd.Releases(settings, pool) is { Count: > 0 } releases)
        {
            foreach (var release in releases)
            {
                GiveBack(view, view.Interfaces[release.Interface], settings.PrefixDelegation, release.Count);
            }
            return true;
        }
        return Ipamd.Removable(settings, pool) is { } index && Remove(view.Interfaces[index]);
    }

    private bool Remove(NetworkInterface found)
    {
        world.Compute.DetachNetworkInterface(found.Attachment!.AttachmentId);
        world.Compute.DeleteNetworkInterface(found.NetworkInterfaceId);
        return true;
    }

    /// <summary>Interfaces that hold free addresses of the kind that is no longer in use, or
    /// of a subnet that is kept from the agent.</summary>
    private static IEnumerable<NetworkInterface> Leftovers(NodeView view, IpamdSettings settings) =>
        view.Interfaces.Where(found => IsLeftover(view, settings, found));

    private static bool IsLeftover(NodeView view, IpamdSettings settings, NetworkInterface found)
    {
        if (view.IsExcluded(found))
        {
            return FreeSingles(view, found).Any() || FreePrefixes(view, found).Any();
        }
        return settings.PrefixDelegation
            ? FreeSingles(view, found).Any()
            : NodeView.PrefixesOf(found, settings).Count > 0 && FreePrefixes(view, found).Any();
    }

    private static IEnumerable<string> FreeSingles(NodeView view, NetworkInterface found) =>
        found.PrivateIpAddresses.Skip(1).Where(address => !view.InUse.Contains(address));

    private static IEnumerable<string> FreePrefixes(NodeView view, NetworkInterface found) =>
        found.Ipv4Prefixes.Where(prefix => !NodeView.AddressesIn(prefix).Any(view.InUse.Contains));

    private void GiveBack(NodeView view, NetworkInterface found, IpamdSettings settings)
    {
        if (FreeSingles(view, found).Any() && (settings.PrefixDelegation || view.IsExcluded(found)))
        {
            GiveBack(view, found, prefixes: false, int.MaxValue);
        }
        if (FreePrefixes(view, found).Any() && (!settings.PrefixDelegation || view.IsExcluded(found)))
        {
            GiveBack(view, found, prefixes: true, int.MaxValue);
        }
    }

    private void GiveBack(NodeView view, NetworkInterface found, bool prefixes, int count)
    {
        if (prefixes)
        {
            world.Compute.UnassignPrefixes(found.NetworkInterfaceId, [.. FreePrefixes(view, found).TakeLast(count)]);
        }
        else
        {
            world.Compute.UnassignPrivateIpAddresses(found.NetworkInterfaceId, [.. FreeSingles(view, found).TakeLast(count)]);
        }
    }

    private bool Succeeds(NodeView view, IpamdSettings settings, Growth attempt)
    {
        try
        {
            switch (attempt)
            {
                case Growth.Fill fill when settings.PrefixDelegation:
                    world.Compute.AssignPrefixes(view.Interfaces[fill.Interface].NetworkInterfaceId, fill.Count);
                    return true;
                case Growth.Fill fill:
                    world.Compute.AssignPrivateIpAddresses(view.Interfaces[fill.Interface].NetworkInterfaceId, fill.Count);
                    return true;
                default:
                    return Attach(view, settings, ((Growth.Attach)attempt).Count);
            }
        }
        catch (WorldRefusal)
        {
            // The agent logs it and tries again later; here, when something has changed.
            return false;
        }
    }

    private bool Attach(NodeView view, IpamdSettings settings, int count)
    {
        var (subnets, groups) = Placement(view, settings);
        var taken = world.Compute.InterfacesOf(view.Instance.InstanceId).Select(found => found.Attachment!.DeviceIndex).ToHashSet();
        var device = Enumerable.Range(1, int.MaxValue - 1).First(index => !taken.Contains(index));
        return subnets.Any(subnet =>
            Made(() =>
                world.Compute.CreateAttached(
                    view.Instance,
                    device,
                    subnet,
                    groups,
                    settings.PrefixDelegation ? 0 : count,
                    settings.PrefixDelegation ? count : 0,
                    Tags(view, settings)
                )
            )
        );
    }

    private static bool Made(Action create)
    {
        try
        {
            create();
            return true;
        }
        catch (WorldRefusal)
        {
            return false;
        }
    }

    /// <summary>Where a new interface goes: into the first subnet that takes it. None: custom networking,
    /// and the ENIConfig that the node asks for is not there.</summary>
    private (IReadOnlyList<string> Subnets, IReadOnlyList<string> Groups) Placement(NodeView view, IpamdSettings settings)
    {
        var primary = view.Interfaces[0];
        if (view.IsAuto && settings.CustomNetworking)
        {
            return AutoAgent.Placement(world, view) is { } place ? ([place.Subnet], place.Groups) : ([], []);
        }
        if (!settings.CustomNetworking)
        {
            return (discovery.Candidates(primary.SubnetId, settings), primary.Groups);
        }
        var name = EniConfigName(view, settings);
        if (world.Objects.Find("crd.k8s.amazonaws.com/v1alpha1", "eniconfigs", null, name) is not { } config)
        {
            return ([], []);
        }
        var groups = config.Texts("spec", "securityGroups").ToList();
        return ([config.Text("spec", "subnet") ?? ""], groups.Count > 0 ? groups : primary.Groups);
    }

    /// <summary>First match wins, and there is no falling through to <c>default</c> from a label whose ENIConfig is
    /// missing. Source: amazon-vpc-cni-k8s, pkg/eniconfig/eniconfig.go.</summary>
    internal static string EniConfigName(NodeView view, IpamdSettings settings) =>
        view.Node.Label("vpc.amazonaws.com/externalEniConfig")
        ?? view.Node.Text("metadata", "annotations", settings.EniConfigAnnotation)
        ?? view.Node.Label(settings.EniConfigLabel)
        ?? "default";

    /// <summary>Source: amazon-vpc-cni-k8s, pkg/awsutils.</summary>
    private List<Tag> Tags(NodeView view, IpamdSettings settings)
    {
        List<Tag> tags =
        [
            new() { Key = "node.k8s.amazonaws.com/createdAt", Value = Manifest.Time(world.Clock.GetUtcNow()) },
            new() { Key = "node.k8s.amazonaws.com/instance_id", Value = view.Instance.InstanceId },
        ];
        if (settings.ClusterName.Length > 0)
        {
            tags.Add(new() { Key = "cluster.k8s.amazonaws.com/name", Value = settings.ClusterName });
            tags.Add(new() { Key = "eks:eni:owner", Value = "amazon-vpc-cni" });
        }
        return tags;
    }
}
