using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun Route = new(
        "route",
        Stage.Network,
        SpecPart.Network,
        VerifiedArea.Routes,
        RunbookTopic.Routing,
        IsOfVpc: true
    );
}

public abstract partial record Change
{
    public sealed record AddRoute(Ref Table, Route Route) : Change
    {
        public override StepAction Action => StepAction.Create;

        public override Noun Noun => Noun.Route;

        public override string Name => $"{Table} {Route.To} → {Route.Via}";

        internal override bool IsKept(KeptResources terraform) => terraform.Table(Table);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Route, TerraformNames.Of(Table, Route))];

        internal override IEnumerable<Call> Calls(StepContext context) => [new CloudCall.CreateRoute(context.Table(Table), Route)];

        internal override IEnumerable<string> WayBack(TextContext context) => new RemoveRoute(Table, Route).Commands(context);

        internal override IEnumerable<string> Console(TextContext context) =>
            [
                $"**VPC → Route tables → {context.Shown(Table)} → Routes → Edit routes → Add route**: Destination "
                    + $"{Prose.Code(Route.To)}, Target {Prose.Code(Route.Via)}. **Save changes**",
            ];
    }

    public sealed record RemoveRoute(Ref Table, Route Route) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.Route;

        public override string Name => $"{Table} {Route.To} → {Route.Via}";

        internal override bool IsKept(KeptResources terraform) => terraform.Table(Table);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Route, TerraformNames.Of(Table, Route))];

        internal override IEnumerable<Call> Calls(StepContext context) => [new CloudCall.DeleteRoute(context.Table(Table), Route.To)];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
