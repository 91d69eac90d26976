using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>What fits and is not ours becomes ours, on command alone: from then on it is planned for,
/// and deleted by <c>destroy</c>, like what Podspace made.</summary>
internal static class TakeOver
{
    /// <param name="terraform">What it keeps is not taken from it.</param>
    /// <param name="plan">The plan that shows what is used.</param>
    /// <param name="name">As the plan names it: a subnet's id, or a block.</param>
    /// <returns>The step, or why it cannot be; neither, when it is ours already.</returns>
    public static (Step? Step, string Problem) Of(
        OverlaySpec spec,
        Network desired,
        Inventory inventory,
        TerraformState terraform,
        Plan plan,
        string name
    )
    {
        if (Cidr.TryParse(name, out var block, out _) && desired.Blocks.FirstOrDefault(one => one.Cidr == block) is { } used)
        {
            return used.IsMade ? (null, "") : Block(inventory.Cloud.Vpc!, terraform, block);
        }
        var actual = ActualNetwork.From(inventory, spec.Name, spec.Cluster);
        if (desired.Subnets.FirstOrDefault(one => $"{actual.Ids.Subnet(one.Ref)}" == name) is { } subnet)
        {
            return subnet.Ref.IsMade
                ? (null, "")
                : Subnet(
                    spec,
                    inventory.Cloud,
                    terraform,
                    actual,
                    subnet,
                    desired.Cni?.Env.Contains(new(CniEnv.PrefixDelegation, "true")) == true
                );
        }
        if (plan.Uses.Contains($"group {name}"))
        {
            return (
                null,
                $"{name} is a security group, and those are not taken over: whoever wrote its rules goes on "
                    + $"writing them. With security: {{pods: dedicated}} pods get a group of their own."
            );
        }
        return (
            null,
            $"nothing that can be taken over and that this network uses is called {name}. It uses: "
                + $"{(plan.Uses.IsEmpty ? "nothing" : string.Join(", ", plan.Uses))}."
        );
    }

    /// <summary>Reports whether nothing that Podspace kept says that it made it: then somebody else may miss it.</summary>
    public static bool IsFound(Inventory inventory, string name) => !RecordedMade.Of(inventory).Holds(new(name));

    private static string Refused(string name, string other) =>
        $"{name} {other}, and is used as it is: once ours, destroy would delete it, and whoever keeps it would miss it. "
        + "Where nobody keeps it any more, take it out of that tool's state and that tag off it, then ask again.";

    private static (Step?, string) Block(SeenVpc vpc, TerraformState terraform, Cidr block)
    {
        var association = vpc.LiveBlocks.FirstOrDefault(one => one.Cidr == block)?.AssociationId ?? "";
        if (terraform.AddressOf(association) is { } address)
        {
            return (null, Refused($"{block}", $"is kept by Terraform as {address}"));
        }
        if (vpc.Tags.FirstOrDefault(tag => tag.Key == Tags.Block(block)) is { Value: { } other })
        {
            return (null, $"{block} is overlay {other.Split('@')[0]}'s: the VPC's tag {Tags.Block(block)} says so.");
        }
        return block == vpc.Primary
            ? (null, $"{block} is the primary block of {vpc.Id}, which can never leave it.")
            : (StepOf(new Change.TagBlock(block)), "");
    }

    private static (Step?, string) Subnet(
        OverlaySpec spec,
        CloudInventory cloud,
        TerraformState terraform,
        Actual actual,
        PodSubnet subnet,
        bool prefixes
    )
    {
        var seen = cloud.Subnets.First(one => one.Id == subnet.Ref.Id);
        if (OtherOwner.Of(spec, terraform, seen.Id.Text, seen.Tags) is { } other)
        {
            return (null, Refused(seen.Id.Text, other));
        }
        var name = new ResourceName(ResourceNames.Subnet(subnet.Zone, ResourceNames.NumberOf(subnet.Cidr)));
        if (spec.Subnets.Existing.Any(one => one.Id == seen.Id.Text))
        {
            return (
                null,
                $"spec.subnets.existing names {seen.Id}, and what stands there is used as it is. "
                    + $"Take it out of the spec first; if it still fits, it stays the one that is used."
            );
        }
        if (cloud.Vpc!.Primary.Contains(seen.Cidr))
        {
            return (
                null,
                $"{seen.Id} ({seen.Cidr}) lies in the VPC's primary block {cloud.Vpc.Primary}, and a pod subnet of ours never does."
            );
        }
        if (seen.OwnerAccount.Length > 0 && seen.OwnerAccount != cloud.Account)
        {
            return (
                null,
                $"{seen.Id} belongs to another account (…{seen.OwnerAccount[^Math.Min(4, seen.OwnerAccount.Length)..]}), "
                    + $"and its tags are that account's to write."
            );
        }
        return actual.Ids.Subnets.TryGetValue(name, out var taken)
            ? (null, $"{taken} is {name} already, and one zone's pods do not need two of them.")
            : (StepOf(new Change.TakeOver(seen.Id, name, TagsOf(spec, name, prefixes))), "");
    }

    private static EquatableArray<SeenTag> TagsOf(OverlaySpec spec, ResourceName name, bool prefixes)
    {
        EquatableArray<SeenTag> tags = [new(Tags.Cluster, spec.Cluster ?? ""), new(Tags.Name, name.Text), new(Tags.Overlay, spec.Name)];
        // Reservations of ours are read only where this tag says that there are some.
        return prefixes ? tags.Append(new(Tags.Prefixes, "true")).ToEquatable() : tags;
    }

    private static Step StepOf(Change change) =>
        new(change.Id, Stage.Network, change, "asked for by name", Disruption.None, Owner.Podspace, []);
}
