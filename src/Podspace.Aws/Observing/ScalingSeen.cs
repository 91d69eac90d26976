using System.Globalization;
using System.Xml.Linq;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Aws.Observing;

/// <summary>From Auto Scaling's answers to the model. Pure.</summary>
internal static class ScalingSeen
{
    /// <summary>EKS puts it on the groups that it makes. Source: EKS User Guide, "Managed node groups".</summary>
    private const string OfEks = "eks:nodegroup-name";

    /// <summary>Null: EKS made it for a managed node group, which is read by itself.</summary>
    public static SeenScalingGroup? Group(XElement group)
    {
        var tags = Members(group, "Tags")
            .Select(tag => new SeenTag(Text(tag, "Key"), Text(tag, "Value")))
            .OrderBy(tag => tag.Key, StringComparer.Ordinal)
            .ToEquatable();
        if (tags.Any(tag => tag.Key == OfEks))
        {
            return null;
        }
        var policy = Child(Child(group, "MixedInstancesPolicy"), "LaunchTemplate");
        var overrides = Members(policy, "Overrides").ToList();
        var templates = new[] { Child(group, "LaunchTemplate"), Child(policy, "LaunchTemplateSpecification") }.Concat(
            overrides.Select(one => Child(one, "LaunchTemplateSpecification"))
        );
        return new(
            Text(group, "AutoScalingGroupName"),
            int.TryParse(Text(group, "MaxSize"), NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : 0,
            templates.OfType<XElement>().Select(By).Distinct().ToEquatable(),
            overrides
                .Select(one => Text(one, "InstanceType"))
                .Where(type => type.Length > 0)
                .Distinct()
                .Order(StringComparer.Ordinal)
                .ToEquatable(),
            overrides.Exists(one => Child(one, "InstanceRequirements") is not null),
            Text(group, "VPCZoneIdentifier")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(id => new AwsId(id))
                .Order()
                .ToEquatable(),
            tags
        );
    }

    // Without a version it is the default one. Source: Amazon EC2 Auto Scaling API Reference, LaunchTemplateSpecification.
    private static LaunchBy By(XElement template) =>
        new(
            Text(template, "LaunchTemplateId") is { Length: > 0 } id ? id : Text(template, "LaunchTemplateName"),
            Text(template, "Version") is { Length: > 0 } version ? version : "$Default"
        );

    private static IEnumerable<XElement> Members(XElement? element, string name) => Child(element, name)?.Elements() ?? [];

    private static XElement? Child(XElement? element, string name) =>
        element?.Elements().FirstOrDefault(child => child.Name.LocalName == name);

    private static string Text(XElement element, string name) => Child(element, name)?.Value ?? "";
}
