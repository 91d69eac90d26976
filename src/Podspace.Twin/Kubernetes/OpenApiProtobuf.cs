using System.Text;
using Podspace.Simulation.Kubernetes;

namespace Podspace.Twin.Kubernetes;

/// <summary>The OpenAPI version 2 document as protobuf, the only form in which older kubectl reads
/// it. Field numbers: gnostic, openapiv2/OpenAPIv2.proto.</summary>
internal static class OpenApiProtobuf
{
    public static byte[] Document() =>
        [
            .. Text(1, "2.0"),
            .. Message(2, [.. Text(1, "Podspace twin"), .. Text(2, "unversioned")]),
            .. Message(8, [.. OpenApi.Kinds.SelectMany(kind => Message(2, Path(kind)))]),
            .. Message(9, []),
        ];

    private static byte[] Path(KindEntry kind) => [.. Text(1, OpenApi.PathOf(kind)), .. Message(2, Message(8, Patch(kind)))];

    private static byte[] Patch(KindEntry kind) =>
        [
            .. OpenApi.Parameters.SelectMany(name => Message(8, Parameter(name))),
            .. Extension("x-kubernetes-action", "patch\n"),
            .. Extension("x-kubernetes-group-version-kind", $"group: \"{kind.Group}\"\nkind: {kind.Kind}\nversion: {kind.Version}\n"),
        ];

    // ParametersItem.parameter = 1, Parameter.non_body_parameter = 2, NonBodyParameter.query_parameter_sub_schema = 3.
    private static byte[] Parameter(string name) =>
        Message(1, Message(2, Message(3, [.. Text(2, "query"), .. Text(4, name), .. Text(6, "string")])));

    // Operation.vendor_extension = 13: a NamedAny whose value holds YAML.
    private static byte[] Extension(string name, string yaml) => Message(13, [.. Text(1, name), .. Message(2, Text(2, yaml))]);

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    /// <summary>Wire type 2: a length, then so many bytes.</summary>
    private static byte[] Message(int field, byte[] content) => [.. Varint((field << 3) | 2), .. Varint(content.Length), .. content];

    private static IEnumerable<byte> Varint(int value)
    {
        var rest = (uint)value;
        for (; rest >= 0x80; rest >>= 7)
        {
            yield return (byte)(rest | 0x80);
        }
        yield return (byte)rest;
    }
}
