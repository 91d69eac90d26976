using Podspace.Observed;
using Podspace.Planning;
using Podspace.Rendering;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Steps.Text;
using Podspace.Tests.Applying;
using Podspace.Tests.Design;
using Podspace.Tests.House;

namespace Podspace.Tests.Rendering;

/// <summary>Whatever kind of step is left to others, they are told in their language, or in words.</summary>
public sealed class PatchKindsTests
{
    public static TheoryData<string> Names => EveryChange.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_kind_stands_in_Terraform_as_a_resource_that_its_providers_have(string name)
    {
        var (change, inventory) = (EveryChange.Of(name), SmallVpc.Guide());
        var ids = ActualNetwork.From(inventory, Guide.Spec.Name, Guide.Spec.Cluster).Ids;

        var addresses = change.Terraform(new(TerraformState.None, Guide.Spec, inventory, ids)).ToList();

        Assert.All(
            addresses.Select(address => address.Split('.')),
            parts =>
            {
                Assert.Contains(parts[0], (string[])[.. AwsProvider.Arguments.Keys, TerraformNames.Manifest]);
                Assert.Matches("^[a-z_][a-z0-9_]*$", parts[1]);
            }
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_kind_that_takes_away_is_told_to_Terraform_and_to_Git(string name)
    {
        var change = EveryChange.Of(name);

        foreach (var owner in (Owner[])[Owner.Terraform, Owner.Git])
        {
            var text = Patches.Text(PatchesOf(change, owner));
            Assert.Equal(change.Action == StepAction.Delete, text.Contains($"- {change.Phrase}\n", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_object_of_the_cluster_is_told_to_Terraform_and_to_Git(string name)
    {
        var change = EveryChange.Of(name);
        var isObject = change.Manifest(Guide.Spec, reference => $"{reference}") is not null;

        Assert.Equal(isObject, PatchesOf(change, Owner.Git).Any(patch => patch.Language == "yaml"));
        Assert.Equal(isObject, change.TerraformObject(BlueprintOf().Texts()) is not null);
    }

    private static EquatableArray<Patch> PatchesOf(Change change, Owner owner)
    {
        // Whose the network is knows its subnets by name.
        var spec = Guide.Spec with
        {
            Owners = new(Network: owner),
        };
        var step = new Step(change.Id, Stage.Network, change, "it is needed", Disruption.None, owner, []);
        Plan plan = new("prod", "prod", "111122223333", "eu-west-1", "0000", [step], [], [], "");
        return Patches.Of(BlueprintOf() with { Spec = spec }, plan, TerraformState.None);
    }

    private static Blueprint BlueprintOf()
    {
        var inventory = SmallVpc.Guide();
        return Blueprint.From(Guide.Spec, SmallVpc.Design(Guide.Spec, inventory), inventory);
    }
}
