using System.Reflection;
using Podspace.Findings;
using Podspace.Spec;

namespace Podspace.Tests.House;

/// <summary>No setting is accepted and ignored: each is read by what does what the docs say of it, or refused by name.</summary>
public sealed class SpecKeyTests
{
    /// <summary>Keys that are for the reader of the document, and for nothing that is done.</summary>
    private static readonly Dictionary<string, string> ReadByTheParserAlone = new()
    {
        ["apiVersion"] = "says how the document is read",
        ["kind"] = "says what the document is",
        ["metadata"] = "holds the name",
    };

    private static readonly Lazy<HashSet<string>> Read = new(() =>
        [
            .. from type in ArchitectureTests.All.SelectMany(assembly => assembly.GetTypes())
            where type.Namespace != typeof(OverlaySpec).Namespace
            from called in CalledMethods.Of(type)
            where
                called.DeclaringType?.Namespace == typeof(OverlaySpec).Namespace && called.Name.StartsWith("get_", StringComparison.Ordinal)
            select $"{called.DeclaringType!.Name}.{called.Name["get_".Length..]}",
        ]
    );

    public static TheoryData<string> Keys() =>
        [.. OverlayKeys.All().Select(one => one.Path).Where(path => !ReadByTheParserAlone.ContainsKey(path))];

    /// <summary>Keys of later versions that this one refuses, with a value that their form allows.</summary>
    private static readonly Dictionary<string, string> RefusedByName = new() { ["spec.rollout.window"] = "Sat 02:00-06:00 Europe/Dublin" };

    public static TheoryData<string> Refused() => [.. RefusedByName.Keys];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_key_is_read_by_something_that_is_not_the_parser_or_refused_by_name(string path)
    {
        if (RefusedByName.ContainsKey(path))
        {
            return;
        }
        var property = PropertyOf(path);
        Assert.True(property is not null, $"no property of OverlaySpec holds {path}");
        Assert.True(
            Read.Value.Contains($"{property.DeclaringType!.Name}.{property.Name}"),
            $"{path} is accepted, and nothing outside Podspace.Spec reads {property.DeclaringType.Name}.{property.Name}. "
                + $"Do what docs/overlay.md says of it, or refuse it."
        );
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_key_that_does_nothing_yet_is_an_error_that_names_it(string path)
    {
        var keys = path.Split('.')[1..];
        var findings = OverlayYaml
            .Parse(
                $$"""
                apiVersion: podspace.io/v1alpha1
                kind: OverlayNetwork
                metadata: {name: prod}
                spec:
                  region: eu-west-1
                  vpc: vpc-09796d57be9cec2d2
                  cluster: prod
                  {{keys[0]}}: { {{keys[1]}}: {{RefusedByName[path]}} }
                """,
                "overlay.yaml"
            )
            .Findings;

        Assert.Contains(
            findings,
            finding => finding.Severity == Severity.Error && finding.Problem.Contains(keys[1], StringComparison.Ordinal)
        );
    }

    /// <summary>The property that holds what a key says.</summary>
    private static PropertyInfo? PropertyOf(string path)
    {
        var type = typeof(OverlaySpec);
        PropertyInfo? property = null;
        var outer = "";
        foreach (var key in path.Replace("[]", "", StringComparison.Ordinal).Split('.').Where(key => key is not ("spec" or "metadata")))
        {
            var name = outer + char.ToUpperInvariant(key[0]) + key[1..];
            property = Named(type, name);
            // A map without a record of its own: nodeClass.role is NodeClassRole.
            (type, outer) = property is null ? (type, name) : (ItemOf(property.PropertyType), "");
        }
        return property ?? type.GetProperties().FirstOrDefault(one => one.Name.StartsWith(outer, StringComparison.Ordinal));
    }

    /// <summary>By its name, or by the plural of it where the document allows one or a list.</summary>
    private static PropertyInfo? Named(Type type, string name) => type.GetProperty(name) ?? type.GetProperty($"{name}s");

    private static Type ItemOf(Type type)
    {
        var item = type.IsGenericType ? type.GetGenericArguments()[^1] : type;
        return Nullable.GetUnderlyingType(item) ?? item;
    }
}
