using System.Globalization;
using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;

namespace Podspace.Twin.Kubernetes;

/// <summary>Objects as kubectl prints them: kind Table of meta.k8s.io/v1.</summary>
internal static class Tables
{
    /// <param name="includeObject"><c>None</c>, <c>Metadata</c> or <c>Object</c>: what of each object goes beside its row.</param>
    public static JsonObject Of(
        KindEntry kind,
        IEnumerable<JsonObject> items,
        string includeObject,
        World world,
        long version,
        bool withColumns
    )
    {
        var columns = TableColumns.Of(kind);
        var now = world.Clock.GetUtcNow();
        var table = new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) },
            ["columnDefinitions"] = withColumns ? new JsonArray([.. columns.Select(Definition)]) : null,
            ["rows"] = new JsonArray([.. items.Select(item => Row(columns, item, includeObject, now))]),
        };
        return table;
    }

    /// <summary>A watch's bookmark: a row without cells whose object has nothing but the version.</summary>
    public static JsonObject Bookmark(KindEntry kind, JsonObject metadata) =>
        new()
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = new JsonObject { ["resourceVersion"] = metadata["resourceVersion"]?.DeepClone() },
            ["columnDefinitions"] = new JsonArray([.. TableColumns.Of(kind).Select(Definition)]),
            ["rows"] = new JsonArray(
                new JsonObject
                {
                    ["cells"] = new JsonArray([.. TableColumns.Of(kind).Select(_ => (JsonNode)"")]),
                    ["object"] = new JsonObject
                    {
                        ["kind"] = "PartialObjectMetadata",
                        ["apiVersion"] = "meta.k8s.io/v1",
                        ["metadata"] = metadata,
                    },
                }
            ),
        };

    private static JsonNode Definition(Column column) =>
        new JsonObject
        {
            ["name"] = column.Name,
            ["type"] = column.Type,
            ["format"] = column.Name is "Name" ? "name" : "",
            ["description"] = "",
            ["priority"] = column.IsWide ? 1 : 0,
        };

    private static JsonNode Row(EquatableArray<Column> columns, JsonObject item, string includeObject, DateTimeOffset now)
    {
        var row = new JsonObject { ["cells"] = new JsonArray([.. columns.Select(column => column.Cell(item, now))]) };
        if (includeObject is not "None")
        {
            row["object"] = includeObject is "Object" ? item.DeepClone() : Reading.MetadataOf(item);
        }
        return row;
    }
}
