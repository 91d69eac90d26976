using System.Text.Json.Nodes;
using Podspace.Applying;
using Podspace.Formats;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps;
using Podspace.Steps.Text;

namespace Podspace.Rendering.Runbooks;

/// <summary>What stood there before, kept where <c>apply</c> keeps it: so that <c>podspace
/// destroy</c> can undo what a person did by hand.</summary>
internal sealed class RunbookRecord(Blueprint blueprint)
{
    private readonly TextContext context = blueprint.Texts();

    private string Name => $"podspace-{blueprint.Spec.Name}";

    public IEnumerable<string> Note(IEnumerable<Change> changes)
    {
        var data = PreviousValuesWriter.Seen(blueprint.Inventory.Cluster?.Record);
        foreach (var change in changes)
        {
            change.Note(data, context);
        }
        yield return "# What stands there now, for podspace destroy.";
        if (blueprint.Inventory.Cluster?.Record is not null)
        {
            yield return Patch(data.Select(entry => KeyValuePair.Create(entry.Key, (string?)entry.Value)));
            yield break;
        }
        yield return Shell.Command(
            $"kubectl -n kube-system create configmap {Name}",
            data.Select(entry => (string[])[$"--from-literal={entry.Key}={entry.Value}"])
        );
        yield return $"kubectl -n kube-system label configmap {Name} {Tags.Overlay}={blueprint.Spec.Name}";
    }

    public IEnumerable<string> Back()
    {
        if (blueprint.Inventory.Cluster?.Record is not { } record)
        {
            return [$"kubectl -n kube-system delete configmap {Name}"];
        }
        var before = PreviousValuesWriter.Seen(record);
        return
        [
            Patch(
                RecordKeys
                    .All.Order(StringComparer.Ordinal)
                    .Select(key => KeyValuePair.Create(key, before.TryGetValue(key, out var value) ? value : null))
            ),
        ];
    }

    /// <param name="data">Without a value: deleted.</param>
    private string Patch(IEnumerable<KeyValuePair<string, string?>> data) =>
        Shell.Command(
            $"kubectl -n kube-system patch configmap {Name}",
            ["--type", "merge"],
            [
                "-p",
                new JsonObject
                {
                    ["data"] = new JsonObject(data.Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, entry.Value))),
                }.ToLine(),
            ]
        );
}
