using Podspace.Cni;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Nodes.Launching;

/// <summary>Something that starts nodes for the cluster, and what it tells them.</summary>
/// <param name="Name">As a finding names it: <c>node group workers</c>.</param>
/// <param name="Types">That it may start, as far as their limits are known; the likeliest first.</param>
/// <param name="Subnets">Empty: not known.</param>
internal sealed record LaunchPath(string Name, IReadOnlyList<InstanceLimits> Types, EquatableArray<AwsId> Subnets, LaunchWord Word)
{
    public int? PodsOn(InstanceLimits limits) =>
        Word switch
        {
            LaunchWord.ByTemplate by => Launches.PodsOn(limits, by.Template.Told),
            LaunchWord.ByNodeClass by => Launches.PodsOn(limits, by.NodeClass, by.Karpenter?.ReservedInterfaces),
            _ => null,
        };

    /// <summary>Why nothing can be said of it; null when something can.</summary>
    public string? Unread =>
        Word switch
        {
            LaunchWord.Unread unread => unread.Why,
            LaunchWord.ByTemplate { Template.Told: ToldPods.Unknown unknown } by => $"of {by.Source} {unknown.Why}",
            _ when Types.Count == 0 => "the limits of the types that it starts are not known",
            LaunchWord.ByNodeClass when PodsOn(Types[0]) is null =>
                "its maxPods is an expression, or Karpenter's settings could not be read",
            _ => null,
        };
}

/// <summary>Who tells a node how many pods to take. A closed set.</summary>
internal abstract record LaunchWord
{
    private LaunchWord() { }

    /// <param name="Then">What to do with a new version of the template, from where a sentence
    /// about it ends; <c>VERSION</c> stands for its number.</param>
    public sealed record ByTemplate(SeenLaunchTemplate Template, string Then) : LaunchWord
    {
        public string Source =>
            $"launch template {Template.Id}{(Template.Name.Length > 0 ? $" ({Template.Name})" : "")}, version {Template.Version},";
    }

    /// <param name="Karpenter">Null: its Deployment was not found or not read.</param>
    public sealed record ByNodeClass(SeenEc2NodeClass NodeClass, SeenKarpenter? Karpenter) : LaunchWord;

    public sealed record Unread(string Why) : LaunchWord;
}
