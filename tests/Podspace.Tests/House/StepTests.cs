using Podspace.Planning;
using Podspace.Spec;
using Podspace.Steps;

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

        Assert.Contains(change.Action, (string[])["create", "update", "delete"]);
        Assert.NotEmpty(change.Kind);
        Assert.NotEmpty(change.Name);
        Assert.Contains(PlanText.Symbol(change), (string[])["+", "~", "-"]);
        Assert.True(Enum.IsDefined(VerifiedAreas.Of(change)));
        _ = change.IsOfVpc;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_kind_stands_in_the_plan_for_people_for_tickets_and_for_programs(string name)
    {
        var change = EveryChange.Of(name);
        var plan = PlanOf(change);

        Assert.Contains(PlanText.Describe(change), PlanText.Render(plan, showsAccount: false), StringComparison.Ordinal);
        Assert.Contains("it is needed", PlanMarkdown.Render(plan, "…3333", ""), StringComparison.Ordinal);
        Assert.Contains($"\"kind\": \"{change.Kind}\"", PlanJson.Render(plan, "…3333"), StringComparison.Ordinal);
    }

    private static Plan PlanOf(Change change)
    {
        var step = new Step(change.Id, Stage.Network, change, "it is needed", Disruption.None, Owner.Podspace, []);
        return new("prod", "prod", "111122223333", "eu-west-1", "0000", [step], [], [], "");
    }
}
