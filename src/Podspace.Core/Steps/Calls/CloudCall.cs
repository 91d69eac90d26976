using System.Text;
using System.Text.Json.Nodes;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Steps.Text;

namespace Podspace.Steps.Calls;

/// <summary>One change to AWS, with ids instead of names. A closed set, a file for each service.</summary>
public abstract partial record CloudCall : Call
{
    private CloudCall() { }

    /// <summary>Which call takes which right. A test holds it against the calls of whole runs, both ways, and of every
    /// kind of step.</summary>
    internal static IEnumerable<AwsGrant> Grants =>
        [.. TagsGrants, .. NetworkGrants, .. RoutesGrants, .. GroupsGrants, .. SharesGrants, .. ClusterGrants];

    /// <summary>As IAM names it, such as <c>ec2:CreateSubnet</c>.</summary>
    internal abstract string Operation { get; }

    internal override IEnumerable<string> Rights => [Operation];

    /// <summary>Options of the AWS CLI, each a flag and the words behind it.</summary>
    private protected abstract IEnumerable<string[]> Options(StepContext context);

    /// <summary>Where in the answer the id of what was made stands; null: it makes nothing that is named later.</summary>
    private protected virtual string? Answer => null;

    internal override IEnumerable<string> Commands(StepContext context)
    {
        var parts = Operation.Split(':');
        IEnumerable<string[]> answer = Answer is null
            ? []
            :
            [
                ["--query", Answer],
                ["--output", "text"],
            ];
        IEnumerable<string[]> region =
            parts[0] == "ram"
                ?
                [
                    ["--region", context.Spec.Region],
                ]
                : [];
        return [Shell.Command($"aws {parts[0]} {Dashed(parts[1])}", [.. Options(context), .. answer, .. region])];
    }

    /// <summary>create-subnet for CreateSubnet.</summary>
    private static string Dashed(string operation)
    {
        var text = new StringBuilder();
        foreach (var letter in operation)
        {
            text.Append(char.IsAsciiLetterUpper(letter) && text.Length > 0 ? "-" : "").Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }

    internal static string[] Tagged(string type, EquatableArray<SeenTag> tags) =>
        ["--tag-specifications", new JsonArray(new JsonObject { ["ResourceType"] = type, ["Tags"] = TagArray(tags) }).ToLine()];

    /// <summary>As JSON, whatever the tags hold.</summary>
    internal static string TagList(EquatableArray<SeenTag> tags) => TagArray(tags).ToLine();

    private static JsonArray TagArray(EquatableArray<SeenTag> tags) =>
        new([.. tags.Select(tag => (JsonNode)new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })]);
}
