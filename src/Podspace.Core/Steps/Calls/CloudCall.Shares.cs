using System.Text.Json.Nodes;
using Podspace.Design;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Steps.Calls;

public abstract partial record CloudCall
{
    /// <summary>What these calls take.</summary>
    private static readonly AwsGrant[] SharesGrants =
    [
        new(Grant.Network, "ram:CreateResourceShare", Scope.New, [ResourceType.Share]),
        // That tags sent in the creating call take it is UNCONFIRMED; with EC2 and EKS they do.
        new(Grant.Network, "ram:TagResource", Scope.New, [ResourceType.Share]),
        new(Grant.Network, "ram:AssociateResourceShare", Scope.Made, [ResourceType.Share]),
        new(Grant.Network, "ram:DisassociateResourceShare", Scope.Made, [ResourceType.Share]),
        new(Grant.Network, "ram:DeleteResourceShare", Scope.Made, [ResourceType.Share]),
    ];

    /// <summary>Shares subnets of the VPC's account with another. Answers with the share's ARN.</summary>
    /// <param name="Token">The same token makes the same share, however often it is sent.</param>
    public sealed record CreateShare(string Name, string Account, EquatableArray<AwsId> Subnets, string Token, EquatableArray<SeenTag> Tags)
        : CloudCall
    {
        internal override string Operation => "ram:CreateResourceShare";

        internal override IEnumerable<string> Rights => [Operation, "ram:TagResource"];

        private protected override string Answer => "resourceShare.resourceShareArn";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--name", Name],
                ["--principals", Account],
                Arns(context, Subnets),
                ["--no-allow-external-principals"],
                ["--tags", RamTags(Tags)],
            ];
    }

    /// <param name="Account">Empty: it is for the right account already.</param>
    public sealed record AddToShare(AwsId Share, string Account, EquatableArray<AwsId> Subnets) : CloudCall
    {
        internal override string Operation => "ram:AssociateResourceShare";

        private protected override IEnumerable<string[]> Options(StepContext context)
        {
            yield return ["--resource-share-arn", Share.Text];
            if (!Subnets.IsEmpty)
            {
                yield return Arns(context, Subnets);
            }
            if (Account.Length > 0)
            {
                yield return ["--principals", Account];
            }
        }
    }

    public sealed record RemoveFromShare(AwsId Share, AwsId Subnet) : CloudCall
    {
        internal override string Operation => "ram:DisassociateResourceShare";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--resource-share-arn", Share.Text],
                Arns(context, [Subnet]),
            ];
    }

    public sealed record DeleteShare(AwsId Share) : CloudCall
    {
        internal override string Operation => "ram:DeleteResourceShare";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--resource-share-arn", Share.Text],
            ];
    }

    private static string[] Arns(StepContext context, EquatableArray<AwsId> subnets) =>
        [
            "--resource-arns",
            .. subnets.Select(subnet => ShareChoice.Arn(context.Spec.Region, context.Inventory.Cloud.Account, subnet.Text)),
        ];

    // Its keys are written small. Source: AWS RAM API Reference, Tag.
    private static string RamTags(EquatableArray<SeenTag> tags) =>
        new JsonArray([.. tags.Select(tag => (JsonNode)new JsonObject { ["key"] = tag.Key, ["value"] = tag.Value })]).ToLine();
}
