using Podspace.Simulation.State;

namespace Podspace.Twin.Aws;

/// <summary>CreateTags and DeleteTags on the wire.</summary>
internal static class Ec2Tagging
{
    public static IEnumerable<Ec2Operation> Operations =>
        [
            Ec2Operation.Write(
                "CreateTags",
                "ResourceId* Tag* DryRun",
                (call, answer) =>
                {
                    call.Ec2.CreateTags(
                        call.Query.Texts("ResourceId"),
                        [.. call.Query.Each("Tag").Select(tag => new Tag { Key = tag.Text("Key") ?? "", Value = tag.Text("Value") ?? "" })]
                    );
                    answer.Text("return", true);
                }
            ),
            Ec2Operation.Write(
                "DeleteTags",
                "ResourceId* Tag DryRun",
                (call, answer) =>
                {
                    call.Ec2.DeleteTags(
                        call.Query.Texts("ResourceId"),
                        [.. call.Query.Each("Tag").Select(tag => (tag.Text("Key") ?? "", tag.Text("Value")))]
                    );
                    answer.Text("return", true);
                }
            ),
        ];
}
