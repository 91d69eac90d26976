using Podspace.Cni;
using Podspace.Model;

namespace Podspace.Nodes.Launching;

/// <summary>The exact line to change, in the words of whatever starts the nodes.</summary>
internal static class LaunchFix
{
    public static string Of(LaunchPath path, IpamdSettings settings)
    {
        var forms = MaxPodsForms.Of(path.Types, settings);
        string Text(string kind) => forms.First(form => form.Kind == kind).Text;
        string Note(string kind) => forms.First(form => form.Kind == kind).Note;
        return path.Word switch
        {
            LaunchWord.ByTemplate by =>
                $"{Line(by, Text)}\n{Mixed(Note(MaxPodsForms.Fixed))}Make a version of the template with that{by.Then}",
            LaunchWord.ByNodeClass by => OfKarpenter(by, Text),
            _ => "",
        };
    }

    private static string Mixed(string note) => note.Length == 0 ? "" : $"{note}\n";

    private static string Line(LaunchWord.ByTemplate by, Func<string, string> text) =>
        by.Template.Told switch
        {
            ToldPods.Number { Place: MaxPodsPlace.NodeConfigNumber } number => Write(
                by,
                "in its NodeConfig, spec.kubelet.config",
                $"maxPods: {number.Pods}",
                text(MaxPodsForms.Fixed)
            ),
            ToldPods.Number { Place: MaxPodsPlace.NodeConfigFlag } number => Write(
                by,
                "in its NodeConfig, spec.kubelet.flags",
                $"--max-pods={number.Pods}",
                text(MaxPodsForms.Fixed).Replace("maxPods: ", "--max-pods=", StringComparison.Ordinal)
            ),
            ToldPods.Number { Place: MaxPodsPlace.Bottlerocket } number => Write(
                by,
                "in its settings",
                $"max-pods = {number.Pods}",
                text(MaxPodsForms.Bottlerocket)
            ),
            ToldPods.Formula formula => Write(
                by,
                "in its NodeConfig, spec.kubelet",
                $"maxPodsExpression: \"{formula.Expression}\"",
                text(MaxPodsForms.Nodeadm)
            ),
            ToldPods.Usual { Place: MaxPodsPlace.NodeConfigExpression } => Write(
                by,
                "in its NodeConfig, spec.kubelet",
                null,
                text(MaxPodsForms.Nodeadm)
            ),
            ToldPods.Usual { Place: MaxPodsPlace.Bottlerocket } => Write(by, "in its settings", null, text(MaxPodsForms.Bottlerocket)),
            _ => Write(by, "in its script", null, text(MaxPodsForms.AmazonLinux2)),
        };

    private static string Write(LaunchWord.ByTemplate by, string where, string? before, string after) =>
        $"In {by.Source} write {where}{(before is null ? "" : $", instead of {before}")}:\n"
        + $"  {after.Replace("\n", "\n  ", StringComparison.Ordinal)}";

    /// <summary>What Karpenter keeps back counts for each type by itself; a number is one for all.</summary>
    private static string OfKarpenter(LaunchWord.ByNodeClass by, Func<string, string> text)
    {
        var helm = $"Helm value of Karpenter, for every type and pool:\n  {text(MaxPodsForms.KarpenterAll)}";
        var set = by.Karpenter is { } karpenter
            ? $"\nWithout Helm:\n  kubectl -n {karpenter.Namespace} set env deployment/{karpenter.Name} "
                + $"RESERVED_ENIS={text(MaxPodsForms.KarpenterAll).Split('"')[1]}"
            : "";
        return by.NodeClass.MaxPods.Length == 0
            ? $"{helm}{set}\nOr in EC2NodeClass {by.NodeClass.Name}, spec:\n "
                + $" {text(MaxPodsForms.KarpenterClass).Replace("\n", "\n  ", StringComparison.Ordinal)}"
            : $"In EC2NodeClass {by.NodeClass.Name}, spec.kubelet, write instead of maxPods: {by.NodeClass.MaxPods}:\n "
                + $" {text(MaxPodsForms.KarpenterClass).Split("\n  ")[^1]}\nOr take maxPods out and let Karpenter count. {helm}{set}";
    }
}
