using System.Reflection;
using Podspace.Addressing;
using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps;

namespace Podspace.Tests.House;

/// <summary>A change of each kind that there is, made of values that mean nothing: a new kind is among them by itself.</summary>
internal static class EveryChange
{
    private static readonly Type[] Kinds =
    [
        .. typeof(Change)
            .GetNestedTypes()
            .Where(type => type.IsSubclassOf(typeof(Change)))
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    public static TheoryData<string> Names => new(Kinds.Select(kind => kind.Name));

    public static Change Of(string name) => (Change)Made(Kinds.Single(kind => kind.Name == name));

    /// <summary>Some value of the type, whatever it means.</summary>
    private static object? Value(Type type) =>
        type switch
        {
            _ when type == typeof(string) => "eu-west-1b",
            _ when type == typeof(Cidr) => Cidr.Parse("100.64.0.0/18"),
            _ when type == typeof(Ref) => Ref.Made("pods-eu-west-1b-7"),
            _ when type == typeof(NodePool) => new NodePool("pods", "pods", "general-purpose", "{}"),
            _ when type == typeof(AwsNodeSettings) => new AwsNodeSettings(
                CniPurpose.Switch,
                [new("ENABLE_PREFIX_DELEGATION", null, "true", false)],
                [],
                "{}",
                []
            ),
            _ when type == typeof(AddonDocument) => new AddonDocument(CniPurpose.Switch, "{}", "eu-west-1", null, [], "{}"),
            _ when Nullable.GetUnderlyingType(type) is not null => null,
            _ when type.IsEnum || type.IsPrimitive || type.Name.StartsWith("EquatableArray", StringComparison.Ordinal) =>
                Activator.CreateInstance(type),
            _ => Made(type),
        };

    private static object Made(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(one => one.GetParameters().Length).FirstOrDefault();
        return constructor is null ? Activator.CreateInstance(type)! : constructor.Invoke([.. constructor.GetParameters().Select(Given)]);
    }

    private static object? Given(ParameterInfo parameter) =>
        parameter.HasDefaultValue || new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable
            ? null
            : Value(parameter.ParameterType);
}
