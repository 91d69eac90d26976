using System.Globalization;
using System.IO.Enumeration;
using System.Text;
using Podspace.Simulation;
using Podspace.Simulation.State;

namespace Podspace.Twin.Aws;

/// <summary>One kind of thing that EC2 describes: where the things are, what they are filtered by, how one is written.</summary>
internal sealed record Listing<T>(string Operation, string Set, Func<Ec2View, IEnumerable<T>> All, Action<Xml, Ec2View, T> Write)
{
    /// <summary>Parameter that names single things; null when there is none.</summary>
    public string? IdParameter { get; init; }

    public required Func<T, string> Id { get; init; }

    /// <summary>The code for an id that names nothing and what its text calls the thing, such
    /// as InvalidVpcID.NotFound and "vpc ID".</summary>
    public (string Code, string Noun) Missing { get; init; }

    /// <summary>What of it the caller is shown.</summary>
    public Func<Ec2View, T, bool> Sees { get; init; } = (_, _) => true;

    /// <summary>Reports whether it is the caller's own, whose tags it sees. Source: VPC User Guide: tags of a shared
    /// VPC and of what is in it are not shared with the participants.</summary>
    public Func<Ec2View, T, bool> Owns { get; init; } = (_, _) => true;

    /// <summary>Null: the kind has no tags.</summary>
    public Func<T, List<Tag>>? Tags { get; init; }

    /// <summary>Values of a thing by filter name; one that matches is enough.</summary>
    public required Dictionary<string, Func<Ec2View, T, IEnumerable<string?>>> Filters { get; init; }

    /// <summary>What MaxResults may be, as the EC2 API says; null where it takes none.</summary>
    public (int Least, int Most)? Page { get; init; } = (5, 1000);

    /// <summary>Further parameters, such as <c>SubnetId*</c>.</summary>
    public string Parameters { get; init; } = "";

    public Func<Ec2Call, IEnumerable<T>, IEnumerable<T>> Narrow { get; init; } = (_, things) => things;

    public Ec2Operation ToOperation() =>
        Ec2Operation.Read(Operation, $"{IdParameter} {Parameters} {(Page is null ? "" : "MaxResults NextToken")} Filter DryRun", Answer);

    private void Answer(Ec2Call call, Xml answer)
    {
        var view = call.View;
        var (page, token) = PageOf(call.Query, Matching(call, view));
        answer.Each(Set, page, (item, thing) => Write(item, view, thing)).Text("nextToken", token);
    }

    private List<T> Matching(Ec2Call call, Ec2View view)
    {
        var things = Narrow(call, ById(call.Query, All(view).Where(thing => Sees(view, thing))));
        foreach (var filter in call.Query.Each("Filter"))
        {
            var values = ValuesOf(filter.Required("Name"));
            var patterns = filter.Texts("Value");
            things = things.Where(thing =>
                values(view, thing).Any(value => value is not null && patterns.Any(pattern => Matches(pattern, value)))
            );
        }
        return [.. things];
    }

    private IEnumerable<T> ById(Query query, IEnumerable<T> all)
    {
        var ids = IdParameter is null ? [] : query.Texts(IdParameter);
        if (ids.Count == 0)
        {
            return all;
        }
        var known = all.ToDictionary(Id, StringComparer.Ordinal);
        return ids.Distinct(StringComparer.Ordinal)
            .Select(id =>
                known.TryGetValue(id, out var thing)
                    ? thing
                    : throw new WorldRefusal(Missing.Code, $"The {Missing.Noun} '{id}' does not exist")
            )
            .ToList();
    }

    private Func<Ec2View, T, IEnumerable<string?>> ValuesOf(string filter)
    {
        if (Tags is { } tags && filter == "tag-key")
        {
            return (view, thing) => Owns(view, thing) ? tags(thing).Select(tag => tag.Key) : [];
        }
        if (Tags is { } those && filter.StartsWith("tag:", StringComparison.Ordinal))
        {
            return (view, thing) => !Owns(view, thing) ? [] : those(thing).Where(tag => tag.Key == filter[4..]).Select(tag => tag.Value);
        }
        return Filters.TryGetValue(filter, out var values)
            ? values
            : throw new WorldRefusal("InvalidParameterValue", $"The filter '{filter}' is invalid");
    }

    // Source: EC2 User Guide, "List and filter your resources": * is any text, ? any one character, case counts.
    private static bool Matches(string pattern, string value) => FileSystemName.MatchesSimpleExpression(pattern, value, ignoreCase: false);

    private (IEnumerable<T> Page, string? Token) PageOf(Query query, List<T> things)
    {
        var start = query.Text("NextToken") is { } token ? StartOf(token, things.Count) : 0;
        if (query.Number("MaxResults") is not { } most)
        {
            return (things.Skip(start), null);
        }
        if (IdParameter is not null && query.Below(IdParameter) is not null)
        {
            throw new WorldRefusal(
                "InvalidParameterCombination",
                $"The parameter {IdParameter} cannot be used with the parameter maxResults"
            );
        }
        if (Page is var (least, greatest) && (most < least || most > greatest))
        {
            throw new WorldRefusal(
                "InvalidParameterValue",
                $"Value ({most}) for parameter maxResults is invalid. Expecting a value from {least} to {greatest}."
            );
        }
        return (things.Skip(start).Take(most), start + most < things.Count ? TokenFor(start + most) : null);
    }

    private static string TokenFor(int start) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"from {start}")));

    private static int StartOf(string token, int count)
    {
        Span<byte> bytes = stackalloc byte[32];
        return
            Convert.TryFromBase64String(token, bytes, out var length)
            && Encoding.ASCII.GetString(bytes[..length]).Split(' ') is ["from", var number]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? Math.Min(start, count)
            : throw new WorldRefusal("InvalidNextToken", $"The token '{token}' is invalid");
    }
}
