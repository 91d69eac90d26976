using Podspace.Model;
using Podspace.Naming;
using Podspace.Spec;

namespace Podspace.Observed;

/// <summary>Things whose tags somebody took off, known by what else about them is ours; and the command that puts the
/// tags back. They are not tagged unasked: tags can be taken off on purpose.</summary>
internal static class LostTags
{
    /// <summary>The record names it; or it has our name, and every rule in it is still tagged ours.</summary>
    /// <remarks>One tagged rule proves nothing: we write rules into groups of others, too.</remarks>
    public static bool IsOurs(OverlaySpec spec, RecordedMade recorded, SeenGroup group) =>
        IsUntagged(group.Tags) && (recorded.Holds(group.Id) || (HasOurName(spec, group) && HasOurRulesAlone(spec, group)));

    private static bool HasOurName(OverlaySpec spec, SeenGroup group) =>
        string.Equals(group.Name, ResourceNames.GroupName(spec), StringComparison.OrdinalIgnoreCase);

    private static bool HasOurRulesAlone(OverlaySpec spec, SeenGroup group) =>
        !group.Rules.IsEmpty && group.Rules.All(rule => rule.Tags.Contains(new(Tags.Overlay, spec.Name)));

    public static bool IsUntagged(EquatableArray<SeenTag> tags) => tags.All(tag => tag.Key != Tags.Overlay);

    public static string PutBack(AwsId id, EquatableArray<SeenTag> tags)
    {
        var ours = tags.Where(tag => tag.Key.StartsWith(Tags.Prefix, StringComparison.Ordinal));
        var pairs = string.Join(' ', ours.Select(tag => $"Key={tag.Key},Value={tag.Value}"));
        return $"If it is ours, put its tags back:\n  aws ec2 create-tags --resources {id} --tags {pairs}";
    }
}
