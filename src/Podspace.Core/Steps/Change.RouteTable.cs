using Podspace.Model;
using Podspace.Naming;
using Podspace.Observed;
using Podspace.Steps.Calls;
using Podspace.Steps.Text;

namespace Podspace.Steps;

public sealed partial record Noun
{
    internal static readonly Noun RouteTable = new(
        "route table",
        Stage.Network,
        SpecPart.Network,
        VerifiedArea.Routes,
        RunbookTopic.Routing,
        IsOfVpc: true
    );

    internal static readonly Noun SpareRouteTable = new(
        "spare route table",
        Stage.Network,
        SpecPart.Network,
        VerifiedArea.Leftovers,
        RunbookTopic.Leaving,
        IsOfVpc: true
    );
}

public abstract partial record Change
{
    public sealed record CreateRouteTable(ResourceName Table, EquatableArray<SeenTag> Tags) : Change
    {
        public override StepAction Action => StepAction.Create;

        public override Noun Noun => Noun.RouteTable;

        public override string Name => $"{Table}";

        private Ref Ref => Ref.Made(Table.Text);

        internal override bool IsKept(KeptResources terraform) => false;

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Table, TerraformNames.Of(Ref))];

        internal override IEnumerable<Call> Calls(StepContext context) =>
            [new CloudCall.CreateRouteTable(context.Vpc, context.Token(Name), Tags)];

        internal override MadeThing? Makes => new(MadeKind.Table, Table);

        internal override IEnumerable<string> WayBack(TextContext context) =>
            context.Typed(new CloudCall.DeleteRouteTable(context.Table(Ref)));

        internal override IEnumerable<string> Console(TextContext context) =>
            [
                $"**VPC → Route tables → Create route table**: Name {Prose.Name(Tags)}, VPC {Prose.Code(context.Vpc)}; "
                    + $"the tags below. **Create route table**",
                Prose.Of(Tags),
            ];
    }

    public sealed record DeleteRouteTable(ResourceName Table) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.RouteTable;

        public override string Name => $"{Table}";

        private Ref Ref => Ref.Made(Table.Text);

        internal override string? IdIn(Ids ids) => ids.RouteTable(Ref)?.Text;

        internal override bool IsKept(KeptResources terraform) => terraform.Table(Ref);

        internal override IEnumerable<string> Terraform(KeptResources terraform) =>
            [TerraformNames.Address(TerraformNames.Table, TerraformNames.Of(Ref))];

        internal override IEnumerable<Call> Calls(StepContext context) => [new CloudCall.DeleteRouteTable(context.Table(Ref))];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }

    /// <summary>Made a second time by a call whose answer came too late; nothing uses it.</summary>
    public sealed record DeleteDuplicateRouteTable(AwsId Table) : Change
    {
        public override StepAction Action => StepAction.Delete;

        public override Noun Noun => Noun.SpareRouteTable;

        public override string Name => $"{Table}";

        internal override bool IsKept(KeptResources terraform) => terraform.Holds(Table.Text);

        internal override IEnumerable<string> Terraform(KeptResources terraform) => [];

        internal override IEnumerable<Call> Calls(StepContext context) => [new CloudCall.DeleteRouteTable(Table)];

        internal override IEnumerable<string> WayBack(TextContext context) => [];

        internal override IEnumerable<string> Console(TextContext context) => [];
    }
}
