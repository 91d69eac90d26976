using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;

namespace Podspace.Design;

/// <summary>What a design stands on: the spec, what was seen, and what of it is ours. Nothing here is a choice.</summary>
internal sealed class DesignInput
{
    public DesignInput(OverlaySpec spec, Inventory inventory, SeenVpc vpc)
    {
        Spec = spec;
        Inventory = inventory;
        Vpc = vpc;
        Actual = ActualNetwork.From(inventory, spec.Name, spec.Cluster);
        Report = new(spec);
        LiveBlocks = [.. vpc.LiveBlocks.Select(block => block.Cidr)];
        Values = AddonValues.Parse(Cloud.VpcCni?.Values ?? "");
    }

    public OverlaySpec Spec { get; }

    public Inventory Inventory { get; }

    public CloudInventory Cloud => Inventory.Cloud;

    public SeenVpc Vpc { get; }

    public Actual Actual { get; }

    public DesignReport Report { get; }

    /// <summary>Of the VPC, the primary among them, in AWS's order.</summary>
    public Cidr[] LiveBlocks { get; }

    /// <summary>Of the add-on; empty without one.</summary>
    public AddonValues Values { get; }

    /// <summary>Null: there is none yet, or the spec names none. Then only the network stage is designed.</summary>
    public SeenCluster? Cluster => Spec.Cluster is null ? null : Cloud.Cluster;

    public EquatableArray<SeenNode> Nodes => Inventory.Cluster?.Nodes ?? [];

    /// <summary>Chosen before everything else; empty until then.</summary>
    public EquatableArray<PodMode> Modes { get; set; }

    public IEnumerable<SeenNode> CniNodes => Nodes.Where(node => node.RunsAwsNode);

    /// <summary>Nodes in the VPC that are instances of the account.</summary>
    public IEnumerable<SeenNode> VpcNodes => Nodes.Where(node => !node.IsFargate && !node.IsHybrid);

    /// <summary>Nodes that take part run already.</summary>
    public bool HasNodes => Cluster is not null && (CniNodes.Any() || (Modes.Contains(PodMode.AutoMode) && Nodes.Any(node => node.IsAuto)));

    /// <summary>Reports whether nodes that run aws-node take part, and not Auto Mode's alone.</summary>
    public bool HasCniModes => Modes.IsEmpty || Modes.Any(mode => mode != PodMode.AutoMode);

    public bool Sees(Reading reading)
    {
        foreach (var gap in Cloud.Gaps)
        {
            if (gap.Reading == reading)
            {
                return false;
            }
        }
        foreach (var gap in Inventory.Cluster?.Gaps ?? [])
        {
            if (gap.Reading == reading)
            {
                return false;
            }
        }
        return true;
    }

    public SeenSubnet? Subnet(AwsId id)
    {
        foreach (var subnet in Cloud.Subnets)
        {
            if (subnet.Id == id)
            {
                return subnet;
            }
        }
        return null;
    }

    public SeenGroup? Group(AwsId id)
    {
        foreach (var group in Cloud.Groups)
        {
            if (group.Id == id)
            {
                return group;
            }
        }
        return null;
    }

    /// <summary>A setting of aws-node as it is: in the add-on's values where there is an add-on, else in the DaemonSet.</summary>
    public string? Written(string setting) => Cloud.VpcCni is null ? Running(setting) : Values.Setting(setting);

    /// <summary>A setting of aws-node as it runs.</summary>
    public string? Running(string setting) => Inventory.Cluster?.AwsNode?.Setting(setting);
}
