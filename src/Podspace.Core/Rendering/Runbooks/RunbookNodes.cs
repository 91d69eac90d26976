using Podspace.Model;
using Podspace.Spec;
using Podspace.Steps.Text;

namespace Podspace.Rendering.Runbooks;

/// <summary>Running nodes replaced by hand as <c>rollout</c> replaces them: all cordoned, one of
/// each zone first, then the others, one at a time.</summary>
internal sealed class RunbookNodes(Blueprint blueprint)
{
    private const string Names = "-o jsonpath='{.items[*].metadata.name}'";

    private EquatableArray<PodMode> Modes => blueprint.Desired.Modes;

    public bool HasNodes => blueprint.Inventory.Cluster is { Nodes.IsEmpty: false };

    /// <summary>Before the switch: until they are replaced, no new pod may come to nodes that have no addresses for it.</summary>
    public IEnumerable<string> Cordon() =>
        HasNodes ? Kinds(isBack: false).SelectMany(kind => (string[])[$"{kind.Old}=$({kind.List})", $"kubectl cordon ${kind.Old}"]) : [];

    /// <summary>Those that still run, when the switch is off again.</summary>
    public IEnumerable<string> Uncordon() =>
        HasNodes
            ? Kinds(isBack: false)
                .Select(kind =>
                    $$"""
                        for node in ${{{kind.Old}}:-}; do
                            if kubectl get node "$node" >/dev/null 2>&1; then kubectl uncordon "$node"; fi
                        done
                        """
                )
            : [];

    public IEnumerable<string> Zones =>
        (blueprint.Inventory.Cluster?.Nodes ?? [])
            .Select(node => node.Zone)
            .Where(zone => zone.Length > 0)
            .Distinct()
            .Order(StringComparer.Ordinal);

    /// <param name="isBack">Auto Mode's nodes are not replaced then: they go with their pools.</param>
    public string Commands(bool isBack) => string.Join("\n\n", Kinds(isBack).Select(kind => Replacing(kind, isBack)));

    private sealed record Kind(string Old, string Selector, string Way)
    {
        public string List => $"kubectl get nodes -l '{Selector}' {Names}";
    }

    // Those of SeenNode.RunsAwsNode, in kubectl's words.
    private const string CniNodes = $"{SeenNode.ComputeTypeLabel} notin (auto,fargate,hybrid),kubernetes.io/os!=windows";

    private IEnumerable<Kind> Kinds(bool isBack)
    {
        if (Modes.Any(mode => mode != PodMode.AutoMode))
        {
            yield return new("OLD", CniNodes, Terminating);
        }
        if (Modes.Contains(PodMode.AutoMode) && !isBack)
        {
            var ours = blueprint.Desired.NodeClasses.Select(one => $",eks.amazonaws.com/nodeclass!={one.Name}");
            yield return new("OLD_AUTO", $"{SeenNode.ComputeTypeLabel}=auto{string.Concat(ours)}", Claiming);
        }
    }

    public IEnumerable<string> Console()
    {
        if (Modes.Any(mode => mode != PodMode.AutoMode))
        {
            yield return $"**EKS → Clusters → {Prose.Code(blueprint.Spec.Cluster)} → Compute** lists the nodes. "
                + $"Empty one with kubectl (cordon, drain) first; then **EC2 → Instances → that instance → Instance state → "
                + $"Terminate (delete) instance**, and its group starts another. One at a time, one of each zone first";
        }
        if (Modes.Contains(PodMode.AutoMode))
        {
            yield return "Nodes of Auto Mode cannot be ended in the console: it is the NodeClaim that goes. Use kubectl";
        }
    }

    public const string Check =
        "kubectl get pods -A -o "
        + "custom-columns=HOST:.spec.hostNetwork,ADDRESS:.status.podIP,NODE:.spec.nodeName,"
        + "NAMESPACE:.metadata.namespace,POD:.metadata.name";

    private const string Drain = """kubectl drain "$1" --ignore-daemonsets --delete-emptydir-data --timeout=15m""";

    // A terminated instance is replaced by its group; the number of nodes that are ready says when.
    private const string Terminating = $$"""
            [ -n "$1" ] || return 0
            instance=$(kubectl get node "$1" -o jsonpath='{.spec.providerID}')
            {{Drain}} || return 1
            aws ec2 terminate-instances --instance-ids "${instance##*/}" --query 'TerminatingInstances[].CurrentState.Name' --output text
            kubectl wait --for=delete "node/$1" --timeout=15m
            until [ "$(kubectl get nodes -l '{{CniNodes}}' --no-headers | grep -cw Ready)" -ge "$READY" ]; do sleep 2; done
        """;

    // Auto Mode ends an empty node by itself, and may be quicker.
    private const string Claiming = $$"""
            [ -n "$1" ] || return 0
            claim=$(kubectl get nodeclaims -o jsonpath="{.items[?(@.status.nodeName=='$1')].metadata.name}")
            {{Drain}} || ! kubectl get node "$1" >/dev/null 2>&1 || return 1
            [ -z "$claim" ] || kubectl delete nodeclaim "$claim" --ignore-not-found --timeout=15m
            until [ -z "$(kubectl get pods -A --field-selector=status.phase=Pending -o name | grep -vxF "$WAITING")" ]; do sleep 2; done
        """;

    // All are cordoned, so until the first new node is there evicted pods have nowhere to
    // go, and budgets hold back those of a node with many.
    private string Replacing(Kind kind, bool isBack) =>
        $$"""
            {{kind.Old}}={{(isBack ? $"$({kind.List})" : $"${{{kind.Old}:-$({kind.List})}}")}}
            READY=$(kubectl get nodes -l '{{kind.Selector}}' --no-headers | grep -cw Ready)
            WAITING=$(kubectl get pods -A --field-selector=status.phase=Pending -o name)
            kubectl cordon ${{kind.Old}}
            # Of those that are left, the one with the fewest pods.
            next() {
                pods=$(kubectl get pods -A -o jsonpath='{range .items[*]}{.spec.nodeName}{"\n"}{end}')
                for node in $(kubectl get nodes -l "$1" --field-selector=spec.unschedulable=true {{Names}}); do
                    echo "$(printf '%s\n' "$pods" | grep -cxF "$node") $node"
                done | sort -n | head -n 1 | cut -d' ' -f2
            }
            replace() {
            {{kind.Way}}
            }
            # One of each zone first. Look at its pods before you go on.
            {{string.Join('\n', Zones.Select(zone => $"replace \"$(next '{kind.Selector},topology.kubernetes.io/zone={zone}')\""))}}
            # The others. If drain waits for a budget for long, give the evicted pods room: kubectl uncordon one of the nodes.
            while node=$(next '{{kind.Selector}}') && [ -n "$node" ]; do
                replace "$node"
            done
            """;
}
