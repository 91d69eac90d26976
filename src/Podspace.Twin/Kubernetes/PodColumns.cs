using System.Globalization;
using System.Text.Json.Nodes;
using Podspace.Simulation.Kubernetes;

namespace Podspace.Twin.Kubernetes;

/// <summary>A pod's row, whose status is more than a field.</summary>
internal static class PodColumns
{
    public static EquatableArray<Column> All(Column name, Column age) =>
        [
            name,
            TableColumns.Text("Ready", Ready),
            TableColumns.Text("Status", Status),
            TableColumns.Text("Restarts", Restarts),
            age,
            TableColumns.Text("IP", pod => pod.Text("status", "podIP") ?? "<none>", wide: true),
            TableColumns.Text("Node", pod => pod.Text("spec", "nodeName") ?? "<none>", wide: true),
            TableColumns.Text("Nominated Node", pod => pod.Text("status", "nominatedNodeName") ?? "<none>", wide: true),
            TableColumns.Text("Readiness Gates", _ => "<none>", wide: true),
        ];

    private static string Ready(JsonObject pod)
    {
        var containers = pod.Items("spec", "containers").Count();
        var told = pod.Items("status", "containerStatuses").ToList();
        if (told.Count == 0)
        {
            return $"{(pod.IsReady() ? containers : 0)}/{containers}";
        }
        return $"{told.Count(status => status.Is("ready"))}/{containers}";
    }

    private static string Status(JsonObject pod)
    {
        if (pod.Text("metadata", "deletionTimestamp") is not null)
        {
            return "Terminating";
        }
        var waiting = pod.Items("status", "containerStatuses")
            .Select(status => status.Text("state", "waiting", "reason"))
            .FirstOrDefault(said => said is not null);
        if ((pod.Text("status", "reason") ?? waiting) is { } reason)
        {
            return reason;
        }
        return (pod.Text("status", "phase"), pod.Text("spec", "nodeName")) switch
        {
            ("Pending", not null) => "ContainerCreating",
            ("Succeeded", _) => "Completed",
            (null, _) => "Pending",
            var (phase, _) => phase,
        };
    }

    private static string Restarts(JsonObject pod) =>
        pod.Items("status", "containerStatuses").Sum(status => status.Number("restartCount") ?? 0).ToString(CultureInfo.InvariantCulture);
}
