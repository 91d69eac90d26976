using Podspace.Spec;

namespace Podspace.Steps;

/// <summary>Steps by whose turn it is.</summary>
/// <param name="Ready">Can be done now.</param>
/// <param name="Blocked">Ours too, and wait for a step of somebody else.</param>
/// <param name="External">Left to another owner; never carried out here.</param>
public sealed record StepsByOwner(EquatableArray<Step> Ready, EquatableArray<Step> Blocked, EquatableArray<Step> External)
{
    /// <param name="steps">In a plan's order: each after its predecessors.</param>
    public static StepsByOwner Of(EquatableArray<Step> steps)
    {
        var blocked = new HashSet<string>();
        var (ours, behind, theirs) = (new List<Step>(), new List<Step>(), new List<Step>());
        foreach (var step in steps)
        {
            var isTheirs = step.Owner != Owner.Podspace;
            if (!isTheirs && !step.After.Any(blocked.Contains))
            {
                ours.Add(step);
                continue;
            }
            (isTheirs ? theirs : behind).Add(step);
            blocked.Add(step.Id);
        }
        return new(ours.ToEquatable(), behind.ToEquatable(), theirs.ToEquatable());
    }

    /// <summary>Such as <c>terraform and git</c>.</summary>
    public string Others => string.Join(" and ", External.Select(step => step.Owner).Distinct().Order().Select(Owners.Name));
}

/// <summary>Owners as they are written.</summary>
public static class Owners
{
    public static string Name(Owner owner) => owner.ToString().ToLowerInvariant();

    /// <summary>In a sentence: who that is.</summary>
    public static string Whose(Owner owner) => owner == Owner.Existing ? "whoever keeps it" : Name(owner);
}

/// <summary>What another owner has to do, in words that its tool takes.</summary>
/// <param name="Language">hcl, json, yaml, or text for people.</param>
/// <param name="Title">What to do with it.</param>
public sealed record Patch(Owner Owner, string Language, string Title, string Text);
