namespace Podspace.Observed;

/// <summary>A right that a call takes. A closed set.</summary>
internal abstract record Permission
{
    private Permission() { }

    public static Permission Of(string action) => new Aws(action);

    /// <param name="named">The one object that is meant; <c>{name}</c> stands for the overlay's.</param>
    public static Permission Of(string verb, string resource, string? ns = null, string? named = null) =>
        new Cluster(verb, resource, ns, named);

    /// <param name="Action">Such as <c>ec2:DescribeVpcs</c>.</param>
    public sealed record Aws(string Action) : Permission
    {
        public override string ToString() => Action;
    }

    /// <param name="Resource">With its group, and what is below it: <c>daemonsets.apps</c>, <c>pods/eviction</c>.</param>
    /// <param name="Namespace">Null: in all, or of the cluster itself.</param>
    public sealed record Cluster(string Verb, string Resource, string? Namespace, string? Named) : Permission
    {
        public override string ToString() => $"{Verb} {Resource}{(Namespace is null ? "" : $" in {Namespace}")}";
    }
}
