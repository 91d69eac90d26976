using System.IO.Compression;
using System.Text;
using Podspace.Model;

namespace Podspace.Nodes.Launching;

/// <summary>Reads of user data what it tells a node about max-pods, and nothing else: it may
/// hold secrets, so it is neither kept nor shown.</summary>
/// <remarks>Sources: nodeadm's examples (MIME parts of application/node.eks.aws, merged in their order); Bottlerocket's
/// settings.kubernetes; amazon-eks-ami's bootstrap.sh; cloud-init, "User data formats" (gzip, MIME).</remarks>
public static class UserData
{
    // EC2 takes 16 KB; what is compressed in them may be more, and need not be believed without end.
    private const int MostBytes = 1 << 20;

    /// <param name="text">As EC2 answers: in base64. What is not is taken as it is.</param>
    public static ToldPods Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return new ToldPods.Unknown("it has no user data");
        }
        if (Decoded(text) is not { } data)
        {
            return new ToldPods.Unknown("its user data is compressed and cannot be read");
        }
        var parts = MimeParts.Of(data);
        var configs = parts.Where(part => part.Contains("apiVersion: node.eks.aws/", StringComparison.Ordinal)).ToList();
        if (configs.Count > 0)
        {
            return NodeConfigText.Read(configs);
        }
        return parts.Select(BootstrapText.Read).FirstOrDefault(told => told is not null)
            ?? parts.Select(BottlerocketText.Read).FirstOrDefault(told => told is not null)
            ?? new ToldPods.Unknown("its user data is neither a NodeConfig nor Bottlerocket's settings, and calls no bootstrap.sh");
    }

    private static string? Decoded(string text)
    {
        var decoded = new byte[text.Length];
        var bytes = Convert.TryFromBase64String(text.Trim(), decoded, out var length) ? decoded[..length] : Encoding.UTF8.GetBytes(text);
        return bytes is [0x1f, 0x8b, ..] ? Inflated(bytes) : Encoding.UTF8.GetString(bytes);
    }

    private static string? Inflated(byte[] bytes)
    {
        try
        {
            using var stream = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            var inflated = new byte[MostBytes];
            return Encoding.UTF8.GetString(inflated, 0, stream.ReadAtLeast(inflated, MostBytes, throwOnEndOfStream: false));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
