namespace Podspace.Formats.Yaml;

/// <summary>What is read of YAML at one place where it comes in.</summary>
/// <param name="What">What holds it, as messages call it: "a world file".</param>
/// <param name="Of">Several of them.</param>
/// <param name="MostCharacters">Null: as many as there is memory for.</param>
/// <param name="TakesReferences">Whether anchors, aliases, merge keys and YAML's own tags are read there, or refused by name.</param>
public sealed record YamlRules(string What, string Of, long? MostCharacters, bool TakesReferences, bool TakesSeveral = false)
{
    /// <summary>Deeper than any manifest; keeps a page of brackets from using up the stack.</summary>
    public const int MaxDepth = 60;

    /// <summary>Values in a document that has aliases, each alias counted for all that it stands for: a page of them can stand for
    /// gigabytes.</summary>
    public const int MostNodes = 10_000;

    /// <summary>What people write by hand or hand over in one piece, in characters or bytes.</summary>
    public const int MostOfAPage = 10_000_000;

    public static readonly YamlRules Specs = new("an overlay", "overlays", MostOfAPage, TakesReferences: true, TakesSeveral: true);

    public static readonly YamlRules Values = new("a values document", "configuration values", MostOfAPage, TakesReferences: true);

    public static readonly YamlRules Bodies = new("a request body", "request bodies", MostOfAPage, TakesReferences: false);

    public static readonly YamlRules Worlds = new("a world file", "world files", null, TakesReferences: false);

    public static readonly YamlRules Faults = new("a faults file", "faults files", MostOfAPage, TakesReferences: false);
}
