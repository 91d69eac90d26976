using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Podspace.Twin.Kubernetes;

internal static class Answers
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TwinResponse Json(int status, JsonNode body) => new(status, "application/json", Bytes(body));

    public static byte[] Bytes(JsonNode body) => Encoding.UTF8.GetBytes(body.ToJsonString(Relaxed));

    public static byte[] Line(JsonNode body) => Encoding.UTF8.GetBytes(body.ToJsonString(Relaxed) + "\n");
}
