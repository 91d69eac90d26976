using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Podspace.Applying;
using Podspace.Cni;
using Podspace.Model;

namespace Podspace.Kubernetes;

/// <summary>One look at the cluster: all reads at once, each that fails a gap in the server's own words.</summary>
internal sealed class ClusterObservation(KubernetesApi api, string overlay, CancellationToken cancel)
{
    private readonly ConcurrentBag<Gap> gaps = [];

    public async Task<ClusterInventory> LookAsync()
    {
        var awsNode = FindAsync(Reading.AwsNode, ObjectKey.AwsNode);
        // Without the CRD there can be no ENIConfig.
        var eniConfigs = ListAsync(Reading.EniConfigs, absentIsEmpty: true, ("crd.k8s.amazonaws.com/v1alpha1", "eniconfigs"));
        var nodes = ListAsync(Reading.Nodes, absentIsEmpty: false, ("v1", "nodes"));
        var pods = ListAsync(Reading.Pods, absentIsEmpty: false, ("v1", "pods"));
        var budgets = ListAsync(
            Reading.DisruptionBudgets,
            absentIsEmpty: false,
            ("policy/v1", "poddisruptionbudgets"),
            ("policy/v1beta1", "poddisruptionbudgets")
        );
        var services = ListAsync(Reading.ClusterIps, absentIsEmpty: false, ("v1", "services"));
        // Without Auto Mode and Karpenter there are no such kinds.
        var classes = ListAsync(Reading.NodeClasses, absentIsEmpty: true, ("eks.amazonaws.com/v1", "nodeclasses"));
        var pools = ListAsync(Reading.NodePools, absentIsEmpty: true, ("karpenter.sh/v1", "nodepools"));
        var claims = ListAsync(Reading.NodeClaims, absentIsEmpty: true, ("karpenter.sh/v1", "nodeclaims"));
        var validating = ListAsync(
            Reading.Webhooks,
            absentIsEmpty: true,
            ("admissionregistration.k8s.io/v1", "validatingwebhookconfigurations")
        );
        var mutating = ListAsync(
            Reading.Webhooks,
            absentIsEmpty: true,
            ("admissionregistration.k8s.io/v1", "mutatingwebhookconfigurations")
        );
        var ec2Classes = ListAsync(Reading.Ec2NodeClasses, absentIsEmpty: true, ("karpenter.k8s.aws/v1", "ec2nodeclasses"));
        var karpenter = KarpenterAsync(ec2Classes);
        // Events are many; the server picks these few.
        var events = FirstKnownAsync(
            Reading.Events,
            absentIsEmpty: true,
            new Listing("v1", "events", "kube-system", $"fieldSelector=reason%3D{SeenEvent.MissingRights}&")
        );
        var record = FindAsync(Reading.Record, ObjectKey.Record(overlay));
        return new()
        {
            AwsNode = await awsNode is { } daemonSet ? KubernetesSeen.AwsNode(daemonSet) : null,
            EniConfigs = (await eniConfigs)
                .Select(KubernetesSeen.EniConfig)
                .OrderBy(config => config.Name, StringComparer.Ordinal)
                .ToEquatable(),
            Nodes = (await nodes).Select(KubernetesSeen.Node).OrderBy(node => node.Name, StringComparer.Ordinal).ToEquatable(),
            Pods = (await pods)
                .Select(KubernetesSeen.Pod)
                .OrderBy(pod => pod.Namespace, StringComparer.Ordinal)
                .ThenBy(pod => pod.Name, StringComparer.Ordinal)
                .ToEquatable(),
            Budgets = (await budgets)
                .Select(KubernetesSeen.Budget)
                .OrderBy(budget => budget.Namespace, StringComparer.Ordinal)
                .ThenBy(budget => budget.Name, StringComparer.Ordinal)
                .ToEquatable(),
            ClusterIps = (await services)
                .Select(KubernetesSeen.ClusterIp)
                .OfType<SeenClusterIp>()
                .OrderBy(seen => seen.Namespace, StringComparer.Ordinal)
                .ThenBy(seen => seen.Name, StringComparer.Ordinal)
                .ToEquatable(),
            NodeClasses = (await classes).Select(AutoModeSeen.NodeClass).OrderBy(seen => seen.Name, StringComparer.Ordinal).ToEquatable(),
            NodePools = (await pools).Select(AutoModeSeen.NodePool).OrderBy(seen => seen.Name, StringComparer.Ordinal).ToEquatable(),
            NodeClaims = (await claims).Select(AutoModeSeen.NodeClaim).OrderBy(seen => seen.Name, StringComparer.Ordinal).ToEquatable(),
            Webhooks = (await validating)
                .Concat(await mutating)
                .SelectMany(KubernetesSeen.Webhooks)
                .Distinct()
                .OrderBy(seen => $"{seen.Configuration} {seen.Namespace}/{seen.Service}:{seen.Port}", StringComparer.Ordinal)
                .ToEquatable(),
            Ec2NodeClasses = (await ec2Classes)
                .Select(KarpenterSeen.NodeClass)
                .OrderBy(seen => seen.Name, StringComparer.Ordinal)
                .ToEquatable(),
            Karpenter = await karpenter,
            Events = (await events)
                .Select(KubernetesSeen.Event)
                .Distinct()
                .OrderBy(seen => seen.Pod, StringComparer.Ordinal)
                .ThenBy(seen => seen.Message, StringComparer.Ordinal)
                .ToEquatable(),
            Record = await record is { } configMap ? Readable(KubernetesSeen.Record(configMap)) : null,
            Gaps = gaps.OrderBy(gap => gap.Reading).DistinctBy(gap => gap.Reading).ToEquatable(),
        };
    }

    private async Task<SeenKarpenter?> KarpenterAsync(Task<List<JsonObject>> classes) =>
        (await classes).Count == 0
            ? null
            : KarpenterSeen.Deployment(await ListAsync(Reading.Karpenter, absentIsEmpty: false, ("apps/v1", "deployments")));

    /// <summary>What somebody has edited into no document is not read: nothing would be known of what stood there before us.</summary>
    private SeenRecord? Readable(SeenRecord seen)
    {
        if (
            RecordKeys
                .All.Select(key => seen.Entry(key) ?? "")
                .Append(seen.WrittenValues ?? "")
                .Append(seen.AddonValues ?? "")
                .All(document => AddonValues.Parse(document).IsReadable)
        )
        {
            return seen;
        }
        gaps.Add(
            new(
                Reading.Record,
                $"ConfigMap kube-system/podspace-{overlay} holds the CNI's previous values, "
                    + $"and they are neither JSON nor YAML any more: somebody edited it. Put it right, or delete it, "
                    + $"after which nothing is known of those values:\n  kubectl -n kube-system edit configmap podspace-{overlay}",
                GapCause.Broken
            )
        );
        return null;
    }

    private async Task<JsonObject?> FindAsync(Reading reading, ObjectKey key)
    {
        try
        {
            return await api.GetAsync(key, cancel);
        }
        catch (Refused refused) when (refused.Refusal.Kind == RefusalKind.NotFound)
        {
            return null;
        }
        catch (Refused refused)
        {
            gaps.Add(new(reading, refused.Refusal.ToString(), Refusals.CauseOf(refused.Refusal)));
            return null;
        }
    }

    private Task<List<JsonObject>> ListAsync(Reading reading, bool absentIsEmpty, params (string Api, string Plural)[] kinds) =>
        FirstKnownAsync(reading, absentIsEmpty, kinds.Select(kind => new Listing(kind.Api, kind.Plural)));

    /// <param name="listings">The first that the server knows is asked: newer versions first.</param>
    private async Task<List<JsonObject>> FirstKnownAsync(Reading reading, bool absentIsEmpty, params IEnumerable<Listing> listings)
    {
        Refusal? last = null;
        foreach (var listing in listings)
        {
            try
            {
                return await api.ListAsync(listing, cancel);
            }
            catch (Refused refused)
            {
                last = refused.Refusal;
                if (last.Kind != RefusalKind.NotFound)
                {
                    break;
                }
            }
        }
        if (last is not null && !(absentIsEmpty && last.Kind == RefusalKind.NotFound))
        {
            gaps.Add(new(reading, last.ToString(), Refusals.CauseOf(last)));
        }
        return [];
    }
}
