using Podspace.Simulation;
using Podspace.Simulation.State;

namespace Podspace.Twin.Aws;

/// <param name="Writes">It may change something; for the log of calls.</param>
/// <param name="Parameters">Every parameter it takes, by its first word; a star marks one that
/// must be there. Others are refused, not ignored.</param>
/// <param name="Answer">Makes the change, if it is one, and writes what the answer holds besides the request id.</param>
internal sealed record Ec2Operation(string Name, bool Writes, string Parameters, Action<Ec2Call, Xml> Answer)
{
    private readonly string[] required = [.. Words(Parameters).Where(name => name.EndsWith('*')).Select(name => name[..^1])];
    private readonly HashSet<string> known = [.. Words(Parameters).Select(name => name.TrimEnd('*')), "Action", "Version"];

    public static Ec2Operation Read(string name, string parameters, Action<Ec2Call, Xml> answer) => new(name, false, parameters, answer);

    public static Ec2Operation Write(string name, string parameters, Action<Ec2Call, Xml> answer) => new(name, true, parameters, answer);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Refuses what the operation does not take, what it lacks, and, once that is well, a rehearsal.</summary>
    public void Check(Query query)
    {
        foreach (var name in query.Names)
        {
            if (!known.Contains(name))
            {
                throw new WorldRefusal(
                    "UnknownParameter",
                    $"The parameter {name} is not recognized: {Name} of the twin "
                        + $"takes {string.Join(", ", known.Order(StringComparer.Ordinal))}."
                );
            }
        }
        foreach (var name in required)
        {
            if (query.Below(name) is null)
            {
                query.Required(name);
            }
        }
        if (query.Flag("DryRun"))
        {
            // Source: EC2 error codes, DryRunOperation. Whether the change itself would be refused, a dry run does not say.
            throw new WorldRefusal("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
        }
    }
}

/// <summary>One request as an operation sees it.</summary>
/// <param name="Caller">Whose account it comes from.</param>
internal readonly record struct Ec2Call(World World, Query Query, string Caller)
{
    public Simulation.Aws.Ec2 Ec2 => World.Ec2.As(Caller);

    public Simulation.Aws.Compute Compute => World.Compute.As(Caller);

    public Ec2View View => new(World, Caller);

    public AwsState Aws => World.State.Aws;

    public string Required(string name) => Query.Required(name);

    public string? Text(string name) => Query.Text(name);

    /// <summary>The tags to make with a resource of the kind. Source: EC2 API, TagSpecification.</summary>
    public IReadOnlyList<Tag> TagsFor(string kind)
    {
        List<Tag> tags = [];
        foreach (var specification in Query.Each("TagSpecification"))
        {
            var type = specification.Required("ResourceType");
            if (type != kind)
            {
                throw new WorldRefusal("InvalidParameterValue", $"'{type}' is not a valid taggable resource type for this operation.");
            }
            tags.AddRange(
                specification.Each("Tag").Select(tag => new Tag { Key = tag.Text("Key") ?? "", Value = tag.Text("Value") ?? "" })
            );
        }
        return tags;
    }
}
