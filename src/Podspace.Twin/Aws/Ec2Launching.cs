using System.Globalization;
using Podspace.Simulation;
using Podspace.Simulation.State;

namespace Podspace.Twin.Aws;

/// <summary>Versions of launch templates on the wire. Source: EC2 API Reference, DescribeLaunchTemplateVersions.</summary>
internal static class Ec2Launching
{
    public static IEnumerable<Ec2Operation> Operations =>
        [
            Ec2Operation.Read(
                "DescribeLaunchTemplateVersions",
                "LaunchTemplateId LaunchTemplateName LaunchTemplateVersion MinVersion MaxVersion "
                    + "MaxResults NextToken Filter DryRun ResolveAlias IncludeManagedResources",
                Versions
            ),
        ];

    private static void Versions(Ec2Call call, Xml answer)
    {
        var of = Template(call);
        var asked = call.Query.Texts("LaunchTemplateVersion");
        var found = asked.Count == 0 ? of : asked.Select(version => Version(of, version)).Distinct();
        answer.Each("launchTemplateVersionSet", found.OrderByDescending(version => version.VersionNumber), Write);
    }

    private static List<LaunchTemplateVersion> Template(Ec2Call call)
    {
        var (id, name) = (call.Text("LaunchTemplateId"), call.Text("LaunchTemplateName"));
        if (id is null == name is null)
        {
            throw new WorldRefusal(
                "MissingParameter",
                "Either LaunchTemplateId or LaunchTemplateName must be specified, and not both: "
                    + "the twin does not list versions of all templates."
            );
        }
        var of = call.Aws.LaunchTemplateVersions.FindAll(version => version.LaunchTemplateId == id || version.LaunchTemplateName == name);
        if (of.Count > 0)
        {
            return of;
        }
        throw id is null
            ? new WorldRefusal(
                "InvalidLaunchTemplateName.NotFoundException",
                $"At least one of the launch templates specified in the request does not exist: {name}."
            )
            : new WorldRefusal(
                "InvalidLaunchTemplateId.NotFound",
                $"The specified launch template, with template ID {id}, does not exist."
            );
    }

    private static LaunchTemplateVersion Version(List<LaunchTemplateVersion> of, string asked) =>
        asked switch
        {
            "$Latest" => of.MaxBy(version => version.VersionNumber)!,
            "$Default" => of.Find(version => version.DefaultVersion) ?? of.MinBy(version => version.VersionNumber)!,
            _ => of.Find(version => version.VersionNumber.ToString(CultureInfo.InvariantCulture) == asked)
                ?? throw new WorldRefusal(
                    "InvalidLaunchTemplateId.VersionNotFound",
                    $"Could not find the specified version {asked} for the launch template with ID {of[0].LaunchTemplateId}."
                ),
        };

    private static void Write(Xml item, LaunchTemplateVersion version) =>
        item.Text("launchTemplateId", version.LaunchTemplateId)
            .Text("launchTemplateName", version.LaunchTemplateName)
            .Text("versionNumber", version.VersionNumber)
            .Text("defaultVersion", version.DefaultVersion)
            .In(
                "launchTemplateData",
                data =>
                    data.Text("imageId", version.LaunchTemplateData.ImageId)
                        .Text("instanceType", version.LaunchTemplateData.InstanceType)
                        .Text("userData", version.LaunchTemplateData.UserData)
            );
}
