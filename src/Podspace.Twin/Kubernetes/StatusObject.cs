using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;

namespace Podspace.Twin.Kubernetes;

/// <summary>Refusals and successes as the API writes them: kind Status.</summary>
internal static class StatusObject
{
    public static JsonObject Of(WorldRefusal refusal, Target? target = null) =>
        new()
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = refusal.Message,
            ["reason"] = refusal.Code,
            ["details"] = Details(refusal, target),
            ["code"] = refusal.Status,
        };

    public static JsonObject Success(Target target, JsonObject gone) =>
        new()
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = Named(target, gone.Name(), target.Kind.Plural, gone.Uid()),
        };

    private static JsonObject Details(WorldRefusal refusal, Target? target)
    {
        var details = target is null ? [] : Refused(refusal, target);
        if (refusal.Causes.Count > 0)
        {
            details["causes"] = new JsonArray([.. refusal.Causes.Select(Cause)]);
        }
        return details;
    }

    private static JsonObject Refused(WorldRefusal refusal, Target target) =>
        Named(target, target.Name ?? "", refusal.Code is "Invalid" ? target.Kind.Kind : target.Kind.Plural, "");

    private static JsonNode Cause(RefusalCause cause)
    {
        var node = new JsonObject { ["reason"] = cause.Reason, ["message"] = cause.Message };
        if (cause.Field.Length > 0)
        {
            node["field"] = cause.Field;
        }
        return node;
    }

    private static JsonObject Named(Target target, string name, string kind, string uid)
    {
        var details = new JsonObject();
        foreach (
            var (key, value) in (ReadOnlySpan<(string, string)>)[("name", name), ("group", target.Kind.Group), ("kind", kind), ("uid", uid)]
        )
        {
            if (value.Length > 0)
            {
                details[key] = value;
            }
        }
        return details;
    }
}
