using Podspace.Model;
using Podspace.Spec;

namespace Podspace.Design;

/// <summary>Things whose tags somebody took off, known by what else about them is ours; and the command that puts the tags back. They are not tagged unasked: tags can be taken off on purpose.</summary>
internal static class LostTags
{
    /// <summary>It has our name, and the rules in it are still tagged ours.</summary>
    public static bool IsOurs(OverlaySpec spec, SeenGroup group) =>
        IsUntagged(group.Tags) && string.Equals(group.Name, ResourceNames.GroupName(spec), StringComparison.OrdinalIgnoreCase) && group.Rules.Any(rule => rule.Tags.Contains(new(Tags.Overlay, spec.Name)));

    public static bool IsUntagged(EquatableArray<SeenTag> tags) => tags.All(tag => tag.Key != Tags.Overlay);

    public static string PutBack(AwsId id, EquatableArray<SeenTag> tags) =>
        $"If it is ours, put its tags back:\n  aws ec2 create-tags --resources {id} --tags {string.Join(' ', tags.Where(tag => tag.Key.StartsWith(Tags.Prefix, StringComparison.Ordinal)).Select(tag => $"Key={tag.Key},Value={tag.Value}"))}";
}
