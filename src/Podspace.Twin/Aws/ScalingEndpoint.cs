using System.Globalization;
using Podspace.Simulation;
using Podspace.Simulation.State;

namespace Podspace.Twin.Aws;

/// <summary>Auto Scaling's Query protocol, version 2011-01-01, as far as reading its groups goes.
/// Source: Amazon EC2 Auto Scaling API Reference.</summary>
internal sealed class ScalingEndpoint(World world)
{
    public const string Version = "2011-01-01";

    private const string Space = $"http://autoscaling.amazonaws.com/doc/{Version}/";

    private const int UsualPage = 50;

    public (int Status, Xml Answer) Handle(Query query, string requestId)
    {
        try
        {
            return (200, world.Do(() => Answer(query, requestId)));
        }
        catch (WorldRefusal refusal)
        {
            return (refusal.Status, StsEndpoint.Refusal(refusal, requestId));
        }
    }

    private Xml Answer(Query query, string requestId)
    {
        if (query.Text("Action") is not "DescribeAutoScalingGroups")
        {
            throw new WorldRefusal(
                "InvalidAction",
                $"Could not find operation {query.Text("Action")} for version {Version}: the twin does not know it."
            );
        }
        var names = (query.Below("AutoScalingGroupNames")?.Texts("member") ?? []).ToHashSet(StringComparer.Ordinal);
        var all = world
            .State.Aws.AutoScalingGroups.Where(group =>
                (names.Count == 0 || names.Contains(group.AutoScalingGroupName)) && Matches(query, group)
            )
            .ToList();
        var start = int.TryParse(query.Text("NextToken"), NumberStyles.None, CultureInfo.InvariantCulture, out var from) ? from : 0;
        var most = query.Number("MaxRecords") ?? UsualPage;
        return new Xml().In(
            "DescribeAutoScalingGroupsResponse",
            Space,
            response =>
                response
                    .In(
                        "DescribeAutoScalingGroupsResult",
                        result =>
                            Members(result, "AutoScalingGroups", all.Skip(start).Take(most), Write)
                                .Text("NextToken", start + most < all.Count ? (start + most).ToString(CultureInfo.InvariantCulture) : null)
                    )
                    .In("ResponseMetadata", metadata => metadata.Text("RequestId", requestId))
        );
    }

    private static bool Matches(Query query, AutoScalingGroup group) =>
        (query.Below("Filters")?.Each("member") ?? []).All(filter =>
        {
            var values = filter.Below("Values")?.Texts("member") ?? [];
            return filter.Required("Name") switch
            {
                "tag-key" => group.Tags.Exists(tag => values.Contains(tag.Key)),
                "tag-value" => group.Tags.Exists(tag => values.Contains(tag.Value)),
                var name when name.StartsWith("tag:", StringComparison.Ordinal) => group.Tags.Exists(tag =>
                    tag.Key == name[4..] && values.Contains(tag.Value)
                ),
                var name => throw new WorldRefusal(
                    "ValidationError",
                    $"Filter type {name} is not correct. Allowed Filter types are: tag-key tag-value tag:<key>"
                ),
            };
        });

    private static void Write(Xml item, AutoScalingGroup group)
    {
        item.Text("AutoScalingGroupName", group.AutoScalingGroupName)
            .Text("LaunchConfigurationName", group.LaunchConfigurationName)
            .Text("MinSize", group.MinSize)
            .Text("MaxSize", group.MaxSize)
            .Text("DesiredCapacity", group.DesiredCapacity)
            .Text("VPCZoneIdentifier", group.VPCZoneIdentifier);
        Template(item, "LaunchTemplate", group.LaunchTemplate);
        if (group.MixedInstancesPolicy is { } policy)
        {
            item.In(
                "MixedInstancesPolicy",
                mixed =>
                    mixed.In(
                        "LaunchTemplate",
                        template =>
                        {
                            Template(template, "LaunchTemplateSpecification", policy.LaunchTemplate.LaunchTemplateSpecification);
                            Members(template, "Overrides", policy.LaunchTemplate.Overrides, Write);
                        }
                    )
            );
        }
        Members(
            item,
            "Tags",
            group.Tags,
            (tag, one) =>
                tag.Text("Key", one.Key)
                    .Text("Value", one.Value)
                    .Text("ResourceId", group.AutoScalingGroupName)
                    .Text("ResourceType", "auto-scaling-group")
                    .Text("PropagateAtLaunch", true)
        );
    }

    private static void Write(Xml item, LaunchTemplateOverride one)
    {
        item.Text("InstanceType", one.InstanceType);
        Template(item, "LaunchTemplateSpecification", one.LaunchTemplateSpecification);
        if (one.InstanceRequirements is { } requirements)
        {
            item.In(
                "InstanceRequirements",
                body =>
                    body.In("VCpuCount", range => range.Text("Min", requirements.VCpuCount.Min))
                        .In("MemoryMiB", range => range.Text("Min", requirements.MemoryMiB.Min))
            );
        }
    }

    private static void Template(Xml item, string name, LaunchTemplateSpecification? template)
    {
        if (template is not null)
        {
            item.In(
                name,
                body =>
                    body.Text("LaunchTemplateId", template.LaunchTemplateId)
                        .Text("LaunchTemplateName", template.LaunchTemplateName)
                        .Text("Version", template.Version)
            );
        }
    }

    private static Xml Members<T>(Xml body, string name, IEnumerable<T> things, Action<Xml, T> write) =>
        body.In(
            name,
            list =>
            {
                foreach (var thing in things)
                {
                    list.In("member", item => write(item, thing));
                }
            }
        );
}
