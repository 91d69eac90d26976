using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.Aws;

namespace Podspace.Twin.Aws;

/// <summary>Service Quotas, version 2019-06-24, as far as reading the VPC service's goes. Source: Service Quotas API Reference.</summary>
internal sealed class QuotasEndpoint(World world)
{
    private const string Target = "ServiceQuotasV20190624.ListServiceQuotas";

    public TwinResponse Handle(string target, ReadOnlyMemory<byte> body, string requestId)
    {
        JsonObject asked;
        try
        {
            asked = body.IsEmpty ? [] : RequestBody.Json(body.Span, "SerializationException") as JsonObject ?? [];
        }
        catch (WorldRefusal refusal)
        {
            return Answer(refusal.Status, Refusal(refusal.Code, refusal.Message), requestId);
        }
        if (target != Target)
        {
            return Answer(400, Refusal("UnknownOperationException", $"{target} is not simulated."), requestId);
        }
        return asked["ServiceCode"]?.ToString() == "vpc"
            ? Answer(200, world.Do(() => Page(asked)), requestId)
            : Answer(
                400,
                Refusal("NoSuchResourceException", "The request failed because the specified service does not exist."),
                requestId
            );
    }

    private JsonObject Page(JsonObject asked)
    {
        var size = int.TryParse(asked["MaxResults"]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var most)
            ? Math.Clamp(most, 1, 100)
            : 100;
        var start = int.TryParse(asked["NextToken"]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var next) ? next : 0;
        var page = new JsonObject { ["Quotas"] = new JsonArray([.. Quota.All.Skip(start).Take(size).Select(Json)]) };
        if (Quota.All.Count > start + size)
        {
            page["NextToken"] = (start + size).ToString(CultureInfo.InvariantCulture);
        }
        return page;
    }

    private JsonNode Json(Quota quota) =>
        new JsonObject
        {
            ["ServiceCode"] = "vpc",
            ["QuotaCode"] = quota.Code,
            ["Value"] = (double)world.State.Aws.Quotas.GetValueOrDefault(quota.Code, quota.Default),
            ["Adjustable"] = true,
        };

    private static JsonObject Refusal(string code, string message) => new() { ["__type"] = code, ["message"] = message };

    private static TwinResponse Answer(int status, JsonObject body, string requestId) =>
        new(status, "application/x-amz-json-1.1", Encoding.UTF8.GetBytes(body.ToJsonString()))
        {
            Headers = [("x-amzn-RequestId", requestId)],
        };
}
