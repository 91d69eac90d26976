namespace Podspace.Naming;

/// <summary>Our name for a thing, such as <c>pods-eu-west-1b-0</c>: kept in the tag
/// <see cref="Tags.Name"/>, stable for life, unique among its kind.</summary>
public readonly record struct ResourceName(string Text) : IComparable<ResourceName>
{
    public int CompareTo(ResourceName other) => string.CompareOrdinal(Text, other.Text);

    public override string ToString() => Text;
}

/// <summary>AWS's id of a thing, such as <c>subnet-0a1b…</c>.</summary>
public readonly record struct AwsId(string Text) : IComparable<AwsId>
{
    public int CompareTo(AwsId other) => string.CompareOrdinal(Text, other.Text);

    public override string ToString() => Text;
}

/// <summary>What a part of the network points at: a thing that Podspace makes, by our name, or a thing that it uses, by AWS's id.</summary>
/// <remarks>Made and used are different: only what is made is ever tagged, changed or deleted.</remarks>
public readonly record struct Ref : IComparable<Ref>
{
    private readonly string text;

    private Ref(string text, bool isMade)
    {
        this.text = text;
        IsMade = isMade;
    }

    public bool IsMade { get; }

    public ResourceName Name =>
        IsMade ? new(text) : throw new InvalidOperationException($"{text} is used, not made: it has no name of ours.");

    public AwsId Id => IsMade ? throw new InvalidOperationException($"{text} is made: its id is known only from an inventory.") : new(text);

    public static Ref Made(string name) => new(name, true);

    public static Ref Used(string id) => new(id, false);

    public int CompareTo(Ref other) => string.CompareOrdinal(text, other.text);

    public override string ToString() => text;
}
