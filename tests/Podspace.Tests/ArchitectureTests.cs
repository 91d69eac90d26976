using System.Reflection;
using System.Runtime.CompilerServices;
using Podspace.Addressing;

namespace Podspace.Tests;

public sealed class ArchitectureTests
{
    private static readonly Assembly Core = typeof(Cidr).Assembly;

    internal static readonly Assembly[] All =
    [
        Core,
        typeof(Podspace.Cli.CommandLine).Assembly,
        typeof(Podspace.Twin.IEndpoint).Assembly,
        typeof(Podspace.Lab.Comparison).Assembly,
    ];

    [Fact]
    public void Core_references_only_the_runtime_and_the_parsers_of_YAML_and_TOML() =>
        Assert.DoesNotContain(
            Core.GetReferencedAssemblies().Select(name => name.Name!),
            name => !name.StartsWith("System.", StringComparison.Ordinal) && name is not ("YamlDotNet" or "Tomlyn")
        );

    [Fact]
    public void Only_applying_and_simulation_wait_for_anything() =>
        Assert.Empty(
            from type in Core.GetTypes()
            where
                type.Namespace is not ("Podspace.Applying" or "Podspace.Operations" or "Podspace.Simulation")
                && !(type.Namespace ?? "").StartsWith("Podspace.Simulation.", StringComparison.Ordinal)
            from method in type.GetMethods(
                BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly
            )
            where typeof(Task).IsAssignableFrom(method.ReturnType)
            select $"{type.Name}.{method.Name}"
        );

    [Fact]
    public void Nothing_in_the_core_but_the_worlds_state_can_be_set_after_it_was_made() =>
        Assert.Empty(
            from type in Core.GetTypes()
            where type.IsPublic && !(type.Namespace ?? "").StartsWith("Podspace.Simulation", StringComparison.Ordinal)
            from property in type.GetProperties()
            where
                property.SetMethod is { IsPublic: true } setter
                && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit))
            select $"{type.Name}.{property.Name}"
        );

    [Fact]
    public void No_type_is_named_after_nothing() =>
        Assert.DoesNotContain(
            All.SelectMany(assembly => assembly.GetTypes()).Select(type => type.Name),
            name =>
                name.EndsWith("Manager", StringComparison.Ordinal)
                || name.EndsWith("Helper", StringComparison.Ordinal)
                || name.EndsWith("Service", StringComparison.Ordinal)
                || name.EndsWith("Util", StringComparison.Ordinal)
                || name.EndsWith("Utils", StringComparison.Ordinal)
        );
}
