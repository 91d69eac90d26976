using System.Text.Json.Nodes;
using Podspace.Simulation.Kubernetes;

namespace Podspace.Twin.Kubernetes;

/// <param name="Type"><c>string</c> or <c>integer</c>.</param>
/// <param name="IsWide">Shown by <c>-o wide</c> only.</param>
internal sealed record Column(string Name, Func<JsonObject, DateTimeOffset, JsonNode?> Cell, string Type = "string", bool IsWide = false);

/// <summary>The columns of each kind. Source: k8s.io/kubernetes,
/// pkg/printers/internalversion/printers.go; for custom resources their
/// additionalPrinterColumns.</summary>
internal static class TableColumns
{
    private static readonly Column Name = Text("Name", item => item.Name());

    private static readonly Column Age = new("Age", (item, now) => Since(item.Text("metadata", "creationTimestamp"), now));

    private static readonly Column Containers = Text(
        "Containers",
        item => Joined(item.Items("spec", "template", "spec", "containers"), "name"),
        wide: true
    );

    private static readonly Column Images = Text(
        "Images",
        item => Joined(item.Items("spec", "template", "spec", "containers"), "image"),
        wide: true
    );

    private static readonly Column Selector = Text("Selector", item => Pairs(item.Map("spec", "selector", "matchLabels")), wide: true);

    private static readonly Dictionary<string, EquatableArray<Column>> ByPlural = new(StringComparer.Ordinal)
    {
        ["pods"] = PodColumns.All(Name, Age),
        ["nodes"] = NodeColumns(),
        ["namespaces"] = [Name, Text("Status", item => item.Text("status", "phase") ?? "Active"), Age],
        ["services"] = ServiceColumns(),
        ["endpoints"] = [Name, Text("Endpoints", Endpoints), Age],
        ["configmaps"] = [Name, Number("Data", item => Count(item, "data") + Count(item, "binaryData")), Age],
        ["secrets"] = [Name, Text("Type", item => item.Text("type") ?? "Opaque"), Number("Data", item => Count(item, "data")), Age],
        ["serviceaccounts"] = [Name, Number("Secrets", item => item.Items("secrets").Count()), Age],
        ["events"] = EventColumns(),
        ["deployments"] =
        [
            Name,
            Text("Ready", item => $"{item.Number("status", "readyReplicas") ?? 0}/{item.Number("spec", "replicas") ?? 1}"),
            Number("Up-to-date", item => item.Number("status", "updatedReplicas")),
            Number("Available", item => item.Number("status", "availableReplicas")),
            Age,
            Containers,
            Images,
            Selector,
        ],
        ["replicasets"] =
        [
            Name,
            Number("Desired", item => item.Number("spec", "replicas")),
            Number("Current", item => item.Number("status", "replicas")),
            Number("Ready", item => item.Number("status", "readyReplicas")),
            Age,
            Containers,
            Images,
            Selector,
        ],
        ["daemonsets"] =
        [
            Name,
            Number("Desired", item => item.Number("status", "desiredNumberScheduled")),
            Number("Current", item => item.Number("status", "currentNumberScheduled")),
            Number("Ready", item => item.Number("status", "numberReady")),
            Number("Up-to-date", item => item.Number("status", "updatedNumberScheduled")),
            Number("Available", item => item.Number("status", "numberAvailable")),
            Text("Node Selector", item => Pairs(item.Map("spec", "template", "spec", "nodeSelector"))),
            Age,
            Containers,
            Images,
            Selector,
        ],
        ["statefulsets"] =
        [
            Name,
            Text("Ready", item => $"{item.Number("status", "readyReplicas") ?? 0}/{item.Number("spec", "replicas") ?? 1}"),
            Age,
            Containers,
            Images,
        ],
        ["poddisruptionbudgets"] =
        [
            Name,
            Text("Min Available", item => item.At("spec", "minAvailable")?.ToString() ?? "N/A"),
            Text("Max Unavailable", item => item.At("spec", "maxUnavailable")?.ToString() ?? "N/A"),
            Number("Allowed Disruptions", item => item.Number("status", "disruptionsAllowed")),
            Age,
        ],
        ["leases"] = [Name, Text("Holder", item => item.Text("spec", "holderIdentity") ?? ""), Age],
        ["customresourcedefinitions"] = [Name, Text("Created At", item => item.Text("metadata", "creationTimestamp") ?? "")],
        ["nodepools"] =
        [
            Name,
            Text("NodeClass", item => item.Text("spec", "template", "spec", "nodeClassRef", "name") ?? ""),
            Text("Ready", item => item.Condition("Ready") ?? ""),
            Age,
        ],
        ["nodeclaims"] =
        [
            Name,
            Text("Node", item => item.Text("status", "nodeName") ?? ""),
            Text("Ready", item => item.Condition("Ready") ?? ""),
            Age,
        ],
    };

    public static EquatableArray<Column> Of(KindEntry kind) => ByPlural.TryGetValue(kind.Plural, out var columns) ? columns : [Name, Age];

    public static Column Text(string name, Func<JsonObject, string> cell, bool wide = false) =>
        new(name, (item, _) => cell(item), IsWide: wide);

    public static Column Number(string name, Func<JsonObject, int?> cell) => new(name, (item, _) => cell(item) ?? 0, "integer");

    /// <summary>How long ago, as kubectl writes it.</summary>
    public static string Since(string? time, DateTimeOffset now) =>
        Manifest.TryTime(time, out var then) ? Duration(now - then) : "<unknown>";

    /// <summary>Two units at most, and fewer the longer it is. Source: k8s.io/apimachinery, util/duration.</summary>
    public static string Duration(TimeSpan time)
    {
        var (seconds, minutes, hours) = ((long)time.TotalSeconds, (long)time.TotalMinutes, (long)time.TotalHours);
        return seconds switch
        {
            < -1 => "<invalid>",
            < 0 => "0s",
            < 120 => $"{seconds}s",
            < 600 => Two(minutes, "m", seconds % 60, "s"),
            < 3 * 3600 => $"{minutes}m",
            < 8 * 3600 => Two(hours, "h", minutes % 60, "m"),
            < 48 * 3600 => $"{hours}h",
            < 8 * 86400 => Two(hours / 24, "d", hours % 24, "h"),
            < 2 * 365 * 86400L => $"{hours / 24}d",
            < 8 * 365 * 86400L => Two(hours / 24 / 365, "y", hours / 24 % 365, "d"),
            _ => $"{hours / 24 / 365}y",
        };
    }

    private static string Two(long large, string largeUnit, long small, string smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit}{small}{smallUnit}";

    private static EquatableArray<Column> NodeColumns() =>
        [
            Name,
            Text("Status", NodeStatus),
            Text("Roles", Roles),
            Age,
            Text("Version", item => item.Text("status", "nodeInfo", "kubeletVersion") ?? ""),
            Text("Internal-IP", item => NodeAddress(item, "InternalIP"), wide: true),
            Text("External-IP", item => NodeAddress(item, "ExternalIP"), wide: true),
            Text("OS-Image", item => item.Text("status", "nodeInfo", "osImage") ?? "<unknown>", wide: true),
            Text("Kernel-Version", item => item.Text("status", "nodeInfo", "kernelVersion") ?? "<unknown>", wide: true),
            Text("Container-Runtime", item => item.Text("status", "nodeInfo", "containerRuntimeVersion") ?? "<unknown>", wide: true),
        ];

    private static EquatableArray<Column> ServiceColumns() =>
        [
            Name,
            Text("Type", item => item.Text("spec", "type") ?? "ClusterIP"),
            Text("Cluster-IP", item => item.Text("spec", "clusterIP") ?? "<none>"),
            Text("External-IP", _ => "<none>"),
            Text("Port(s)", Ports),
            Age,
            Text("Selector", item => Pairs(item.Map("spec", "selector")), wide: true),
        ];

    private static EquatableArray<Column> EventColumns() =>
        [
            new(
                "Last Seen",
                (item, now) =>
                    Since(item.Text("lastTimestamp") ?? item.Text("eventTime") ?? item.Text("metadata", "creationTimestamp"), now)
            ),
            Text("Type", item => item.Text("type") ?? ""),
            Text("Reason", item => item.Text("reason") ?? ""),
            Text("Object", item => $"{item.Text("involvedObject", "kind")?.ToLowerInvariant()}/{item.Text("involvedObject", "name")}"),
            Text("Message", item => (item.Text("message") ?? "").Trim()),
            Text("Name", item => item.Name(), wide: true),
        ];

    private static string NodeStatus(JsonObject node)
    {
        var status = node.Condition("Ready") switch
        {
            "True" => "Ready",
            null => "Unknown",
            _ => "NotReady",
        };
        return node.Is("spec", "unschedulable") ? status + ",SchedulingDisabled" : status;
    }

    private static string Roles(JsonObject node)
    {
        const string prefix = "node-role.kubernetes.io/";
        var roles = node.Map("metadata", "labels")
            .Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(key => key[prefix.Length..]);
        return OrNone(string.Join(',', roles.Order(StringComparer.Ordinal)));
    }

    private static string NodeAddress(JsonObject node, string type) =>
        node.Items("status", "addresses").FirstOrDefault(address => address.Text("type") == type).Text("address") ?? "<none>";

    private static string Ports(JsonObject service) =>
        OrNone(string.Join(',', service.Items("spec", "ports").Select(port => $"{port.Number("port")}/{port.Text("protocol") ?? "TCP"}")));

    private static string Endpoints(JsonObject endpoints) =>
        OrNone(
            string.Join(
                ',',
                endpoints
                    .Items("subsets")
                    .SelectMany(subset =>
                        subset
                            .Items("addresses")
                            .SelectMany(address => subset.Items("ports").Select(port => $"{address.Text("ip")}:{port.Number("port")}"))
                    )
                    .Take(3)
            )
        );

    private static string Joined(IEnumerable<JsonObject> items, string key) => string.Join(',', items.Select(item => item.Text(key)));

    private static string Pairs(IReadOnlyDictionary<string, string> map) =>
        OrNone(string.Join(',', map.Select(pair => $"{pair.Key}={pair.Value}")));

    private static string OrNone(string text) => text.Length == 0 ? "<none>" : text;

    private static int Count(JsonObject item, string key) => (item[key] as JsonObject)?.Count ?? 0;
}
