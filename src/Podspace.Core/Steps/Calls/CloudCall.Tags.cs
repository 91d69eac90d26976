using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Steps.Calls;

public abstract partial record CloudCall
{
    /// <summary>What these calls take.</summary>
    private static readonly AwsGrant[] TagsGrants =
    [
        new(Grant.Network, "ec2:CreateTags", Scope.VpcTags, []),
        new(Grant.Network, "ec2:DeleteTags", Scope.VpcTags, []),
        new(
            Grant.Network,
            "ec2:CreateTags",
            Scope.NewTags,
            [ResourceType.Subnet, ResourceType.Table, ResourceType.Group, ResourceType.Reservation]
        ),
        new(Grant.Network, "ec2:CreateTags", Scope.RuleTags, [ResourceType.Rule]),
        new(Grant.Admit, "ec2:CreateTags", Scope.RuleTags, [ResourceType.Rule]),
        new(Grant.Switch, "ec2:CreateTags", Scope.SubnetRoles, [ResourceType.Subnet]),
        new(Grant.Switch, "ec2:DeleteTags", Scope.SubnetRoles, [ResourceType.Subnet]),
    ];

    public sealed record Tag(AwsId Resource, EquatableArray<SeenTag> Tags) : CloudCall
    {
        internal override string Operation => "ec2:CreateTags";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--resources", Resource.Text],
                Words,
            ];

        /// <summary>The short form, unless a value holds what ends a word there.</summary>
        private string[] Words =>
            Tags.Any(tag => $"{tag.Key}{tag.Value}".Any(letter => letter is ',' or '"' or '\'' or ' '))
                ? ["--tags", TagList(Tags)]
                : ["--tags", .. Tags.Select(tag => $"Key={tag.Key},Value={tag.Value}")];
    }

    public sealed record Untag(AwsId Resource, EquatableArray<string> Keys) : CloudCall
    {
        internal override string Operation => "ec2:DeleteTags";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--resources", Resource.Text],
                ["--tags", .. Keys.Select(key => $"Key={key}")],
            ];
    }

    /// <summary>Only while the tag has this very value.</summary>
    public sealed record UntagIf(AwsId Resource, SeenTag Held) : CloudCall
    {
        internal override string Operation => "ec2:DeleteTags";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--resources", Resource.Text],
                ["--tags", $"Key={Held.Key},Value={Held.Value}"],
            ];
    }
}
