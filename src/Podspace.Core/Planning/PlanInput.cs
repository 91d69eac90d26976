using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Nodes;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>What every part of a plan decides by. All of it is known before the first step is, and none of it changes.</summary>
internal sealed class PlanInput
{
    private readonly StepOwners owners;
    private NodeStates? states;
    private OldNodes? oldNodes;

    /// <param name="network">Wanted; null: nothing is, and all that was made goes.</param>
    /// <param name="sweeps">Interfaces that nodes left behind go with their subnets.</param>
    public PlanInput(
        OverlaySpec spec,
        Network? network,
        Inventory inventory,
        TerraformState? terraform = null,
        bool sweeps = false,
        Stage from = Stage.Network
    )
    {
        Spec = spec;
        From = from;
        Inventory = inventory;
        IsDestroy = network is null;
        network ??= new() { Vpc = new(spec.Vpc) };
        Actual = ActualNetwork.From(inventory, spec.Name, spec.Cluster);
        OurSubnets = [.. Actual.Ids.Subnets.Values];
        Leaked = LeakedInPodSubnets();
        Swept = sweeps ? Leaked : [];
        Usage = new(inventory, Swept);
        Terraform = terraform ?? TerraformState.None;
        owners = new(spec, inventory, Actual.Ids, Terraform);
        Recorded = RecordedMade.Of(inventory);
        Leaving = [.. LeavingSubnets(network)];
        Desired = WithoutRulesForLeavingBlocks(network);
    }

    public OverlaySpec Spec { get; }

    public Inventory Inventory { get; }

    public CloudInventory Cloud => Inventory.Cloud;

    public Network Desired { get; }

    public Actual Actual { get; }

    public Ids Ids => Actual.Ids;

    public AddressUsage Usage { get; }

    public TerraformState Terraform { get; }

    public RecordedMade Recorded { get; }

    public bool IsDestroy { get; }

    /// <summary>The first stage that a destroy undoes.</summary>
    public Stage From { get; }

    /// <summary>Made subnets that are no longer wanted.</summary>
    public HashSet<AwsId> Leaving { get; }

    /// <summary>Interfaces that nodes left behind in our subnets.</summary>
    public HashSet<AwsId> Leaked { get; }

    /// <summary>Those of them that this plan deletes.</summary>
    public HashSet<AwsId> Swept { get; }

    public HashSet<AwsId> OurSubnets { get; }

    public NodeStates States => states ??= new(Inventory, Desired, Ids);

    public OldNodes OldNodes => oldNodes ??= new(this);

    /// <summary>Reports whether stage network was through once: ENIConfigs are written after all of it.</summary>
    public bool IsEstablished => Inventory.Cluster?.Record?.WrittenValues is not null || !Ids.EniConfigObjects.IsEmpty;

    /// <summary>Reports whether a network that had a table of ours once has none: it was deleted, or has lost its tags.</summary>
    public bool HasLostTables => Recorded.HoldsRouteTable && Ids.RouteTables.Count == 0;

    /// <summary>Where no node runs yet, pod subnets are offered to subnet discovery by the call that makes them.</summary>
    public bool OffersFromTheStart => Inventory.Cluster is null or { Nodes.IsEmpty: true };

    /// <summary>The add-on's values before Podspace wrote any.</summary>
    public string OriginalValues => Inventory.Cluster?.Record?.AddonValues ?? Cloud.VpcCni?.Values ?? "";

    public Owner OwnerOf(Change change) => owners.Of(change);

    /// <summary>Reports whether new interfaces come from the pod subnets, or will once an update of the add-on is through.</summary>
    public bool IsSwitchedOn =>
        Planner.IsSwitchedOn(Inventory)
        || CniEnv.IsTrue(CniValues.Env(CniValues.Parse(Cloud.VpcCni?.Values ?? ""), CniEnv.CustomNetworking));

    public SeenSubnet? SeenSubnet(Ref subnet) => Ids.Subnet(subnet) is { } id ? Cloud.Subnets.FirstOrDefault(one => one.Id == id) : null;

    public SeenRouteTable? SeenTable(Ref table) =>
        Ids.RouteTable(table) is { } id ? Cloud.RouteTables.FirstOrDefault(one => one.Id == id) : null;

    /// <summary>Reports whether a made group exists and is no longer wanted.</summary>
    public bool IsLeaving(Ref group) =>
        group.IsMade && Desired.Groups.All(wanted => wanted.Ref != group) && Ids.Groups.ContainsKey(group.Name);

    /// <summary>The record notes before it writes: what was refused then never stood there, and nobody changed it.</summary>
    public bool WasRefused(string name, string? value) =>
        value is not null && CniValues.Env(AwsNodeSettings.Parse(Inventory.Cluster?.Record?.Entry(RecordKeys.Refused)), name) == value;

    public string HowToReplaceNodes() =>
        Spec.Owners.Nodes == Owner.Podspace
            ? "Replace them:\n  podspace rollout start"
            : $"Replacing them is left to {Owners.Whose(Spec.Owners.Nodes)} ('spec.owners.nodes'). "
                + $"Node groups: {string.Join(", ", Cloud.Nodegroups.Select(group => group.Name))}; "
                + "a new version of the launch template or the AMI rolls a group.";

    private IEnumerable<AwsId> LeavingSubnets(Network network) =>
        from subnet in Actual.Network.Subnets
        where subnet.Ref.IsMade && network.Subnets.All(wanted => wanted.Ref != subnet.Ref)
        select Ids.Subnets[subnet.Ref.Name];

    /// <summary>What leaked elsewhere keeps nothing of ours.</summary>
    private HashSet<AwsId> LeakedInPodSubnets()
    {
        var inOurs = Cloud.Interfaces.Where(one => OurSubnets.Contains(one.Subnet)).Select(one => one.Id).ToHashSet();
        return [.. LeakedInterfaces.In(Inventory, Spec.Cluster).Where(inOurs.Contains)];
    }

    /// <summary>A rule for a block that this plan removes would be added or kept now and be too much tomorrow.</summary>
    private Network WithoutRulesForLeavingBlocks(Network network)
    {
        var gone = LeavingBlocks(network).ToHashSet();
        return gone.Count == 0
            ? network
            : network with
            {
                Rules = network.Rules.Where(rule => rule.Peer.Cidr is not { } cidr || !gone.Contains(cidr)).ToEquatable(),
            };
    }

    private IEnumerable<Cidr> LeavingBlocks(Network network) =>
        from block in Ids.ChosenBlocks
        where network.Blocks.All(wanted => wanted.Cidr != block) && !Usage.Block(block, Leaving)
        select block;
}
