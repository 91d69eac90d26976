using System.Text;
using System.Text.Json.Nodes;
using Podspace.Formats;

namespace Podspace.Twin.Kubernetes;

internal static class Answers
{
    public static TwinResponse Json(int status, JsonNode body) => new(status, "application/json", Bytes(body));

    public static byte[] Bytes(JsonNode body) => Encoding.UTF8.GetBytes(body.ToLine());

    public static byte[] Line(JsonNode body) => Encoding.UTF8.GetBytes(body.ToLine() + "\n");
}
