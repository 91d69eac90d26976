using System.Text.Json.Nodes;
using Podspace.Cni;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Spec;
using Podspace.Steps.Text;

namespace Podspace.Steps.Calls;

public abstract partial record CloudCall
{
    /// <summary>What these calls take.</summary>
    private static readonly AwsGrant[] ClusterGrants =
    [
        new(Grant.Admit, "eks:UpdateAddon", Scope.Addon, []),
        new(Grant.Admit, "eks:DescribeUpdate", Scope.Addon, []),
        new(Grant.Admit, "eks:DescribeUpdate", Scope.Cluster, []),
        new(Grant.Admit, "eks:CreateAccessEntry", Scope.Cluster, []),
        new(Grant.Admit, "eks:AssociateAccessPolicy", Scope.AccessEntries, []),
        new(Grant.Admit, "eks:DeleteAccessEntry", Scope.AccessEntries, []),
    ];

    /// <summary>Replaces the whole configuration document. Answers with the update's id.</summary>
    /// <param name="Token">EKS's clientRequestToken.</param>
    public sealed record UpdateAddon(string Cluster, string Addon, string Values, Conflicts Conflicts, string Token) : CloudCall
    {
        internal override string Operation => "eks:UpdateAddon";

        private string File => $"{Addon}.json";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--cluster-name", Cluster],
                ["--addon-name", Addon],
                ["--configuration-values", $"file://{File}"],
                ["--resolve-conflicts", Resolving],
            ];

        private string Resolving =>
            Conflicts switch
            {
                Conflicts.Fail => "NONE",
                Conflicts.Preserve => "PRESERVE",
                Conflicts.Overwrite => "OVERWRITE",
            };

        /// <summary>The document first, in a file.</summary>
        internal override IEnumerable<string> Commands(StepContext context) =>
            base.Commands(context).Prepend(Shell.Document($"cat > {File}", CniValues.Parse(Values).ToPage()));
    }

    /// <summary>Of type EC2: for Auto Mode's nodes.</summary>
    public sealed record CreateAccessEntry(string Cluster, string PrincipalArn, EquatableArray<SeenTag> Tags) : CloudCall
    {
        internal override string Operation => "eks:CreateAccessEntry";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--cluster-name", Cluster],
                ["--principal-arn", PrincipalArn],
                ["--type", "EC2"],
                ["--tags", new JsonObject(Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))).ToLine()],
            ];
    }

    /// <summary>For the whole cluster.</summary>
    public sealed record AssociateAccessPolicy(string Cluster, string PrincipalArn, string Policy) : CloudCall
    {
        internal override string Operation => "eks:AssociateAccessPolicy";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--cluster-name", Cluster],
                ["--principal-arn", PrincipalArn],
                ["--policy-arn", Policy],
                ["--access-scope", "type=cluster"],
            ];
    }

    public sealed record DeleteAccessEntry(string Cluster, string PrincipalArn) : CloudCall
    {
        internal override string Operation => "eks:DeleteAccessEntry";

        private protected override IEnumerable<string[]> Options(StepContext context) =>
            [
                ["--cluster-name", Cluster],
                ["--principal-arn", PrincipalArn],
            ];
    }
}
