using Podspace.Observed;
using Podspace.Planning;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Steps.Text;
using Podspace.Tests.Applying;
using Podspace.Tests.Design;

namespace Podspace.Tests.House;

/// <summary>Whatever kind of step there is, each place that tells of steps knows it: none falls to a silent default.</summary>
public sealed class StepTests
{
    public static TheoryData<string> Names => EveryChange.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_kind_has_an_action_a_kind_a_name_an_owner_and_an_area_of_verify(string name)
    {
        var change = EveryChange.Of(name);

        Assert.Contains(change.Action.Text(), (string[])["create", "update", "delete"]);
        Assert.Contains(change.Action.Symbol(), (string[])["+", "~", "-"]);
        Assert.NotEmpty(change.Kind);
        Assert.NotEmpty(change.Name);
        Assert.True(Enum.IsDefined(change.Part));
        Assert.True(Enum.IsDefined(change.Noun.Area));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_kind_stands_in_the_plan_for_people_for_tickets_and_for_programs(string name)
    {
        var change = EveryChange.Of(name);
        var plan = PlanOf(change);

        Assert.Contains(change.Phrase, PlanText.Render(plan, showsAccount: false), StringComparison.Ordinal);
        Assert.Contains("it is needed", PlanMarkdown.Render(plan, "…3333", ""), StringComparison.Ordinal);
        Assert.Contains($"\"kind\": \"{change.Kind}\"", PlanJson.Render(plan, "…3333"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_resource_that_stands_for_a_step_in_Terraform_is_of_the_account_that_the_step_is(string name)
    {
        var change = EveryChange.Of(name);

        Assert.All(
            ResourcesOf(change).Where(type => type != TerraformNames.Manifest),
            type => Assert.Equal(change.Noun.IsOfVpc, TerraformNames.IsOfVpc(type))
        );
    }

    /// <summary>Types of resources.</summary>
    private static IEnumerable<string> ResourcesOf(Change change)
    {
        var (spec, inventory) = (Guide.Spec, SmallVpc.Guide());
        var ids = ActualNetwork.From(inventory, spec.Name, spec.Cluster).Ids;
        return change.Terraform(new(TerraformState.None, spec, inventory, ids)).Select(address => address.Split('.')[0]);
    }

    private static Plan PlanOf(Change change)
    {
        var step = new Step(change.Id, Stage.Network, change, "it is needed", Disruption.None, Owner.Podspace, []);
        return new("prod", "prod", "111122223333", "eu-west-1", "0000", [step], [], [], "");
    }
}
