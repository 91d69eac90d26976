using Podspace.Naming;
using Podspace.Observed;

namespace Podspace.Rendering.Runbooks;

/// <summary>Ids as a command names them: AWS's where the thing is there, else the variable that the step which makes it fills.</summary>
internal sealed class RunbookIds(Blueprint blueprint)
{
    private readonly Ids ids = blueprint.Ids;

    public string Vpc => blueprint.Spec.Vpc;

    public string Subnet(Ref reference) => ids.Subnet(reference)?.Text ?? Shell.Variable(Shell.VariableOf("SUBNET", reference.Name));

    public string Table(Ref reference) => ids.RouteTable(reference)?.Text ?? Shell.Variable(Shell.VariableOf("TABLE", reference.Name));

    public string Group(Ref reference) => ids.Group(reference)?.Text ?? Shell.Variable(Shell.VariableOf("GROUP", reference.Name));

    /// <summary>An ARN.</summary>
    public string Share(Ref reference) =>
        ids.Shares.TryGetValue(reference.Name, out var arn) ? arn.Text : Shell.Variable(Shell.VariableOf("SHARE", reference.Name));

    /// <summary>For documents that name subnets and groups alike.</summary>
    public string Any(Ref reference) =>
        !reference.IsMade || ids.Groups.ContainsKey(reference.Name) || blueprint.Desired.Groups.Any(group => group.Ref == reference)
            ? Group(reference)
            : Subnet(reference);

    public string? Association(Ref subnet) =>
        ids.Subnet(subnet) is { } id && ids.SubnetAssociations.TryGetValue(id, out var association) ? association.Id : null;
}
