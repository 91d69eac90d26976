using System.Text;
using Podspace.Model;

namespace Podspace.Nodes.Launching;

/// <summary>User data that says of max-pods what was read, and nothing besides: what a copy of a launch template carries.</summary>
public static class LeastUserData
{
    /// <summary>In base64, as EC2 keeps it; null where there is nothing to say.</summary>
    public static string? Of(ToldPods told) => Text(told) is { } text ? Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) : null;

    private static string? Text(ToldPods told) =>
        told switch
        {
            ToldPods.Number { Place: MaxPodsPlace.NodeConfigNumber } number => NodeConfig($"\n    config:\n      maxPods: {number.Pods}"),
            ToldPods.Number { Place: MaxPodsPlace.NodeConfigFlag } number => NodeConfig($"\n    flags:\n      - --max-pods={number.Pods}"),
            ToldPods.Number { Place: MaxPodsPlace.Bottlerocket } number => $"[settings.kubernetes]\nmax-pods = {number.Pods}\n",
            ToldPods.Number number =>
                $"#!/bin/bash\n/etc/eks/bootstrap.sh cluster --use-max-pods false --kubelet-extra-args '--max-pods={number.Pods}'\n",
            ToldPods.Formula formula => NodeConfig($"\n    maxPodsExpression: \"{formula.Expression}\""),
            ToldPods.Usual { Place: MaxPodsPlace.Bottlerocket } => "[settings.kubernetes]\n",
            ToldPods.Usual { Place: MaxPodsPlace.BootstrapScript } => "#!/bin/bash\n/etc/eks/bootstrap.sh cluster\n",
            ToldPods.Usual => NodeConfig(" {}"),
            _ => null,
        };

    private static string NodeConfig(string kubelet) =>
        $"---\napiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet:{kubelet}\n";
}
