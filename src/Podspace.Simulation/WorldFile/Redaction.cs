using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Podspace.Findings;
using Podspace.Nodes.Launching;
using Podspace.Simulation.State;

namespace Podspace.Simulation.WorldFile;

/// <summary>Takes out of a world what must not leave its owners' hands: account ids, and values
/// of settings whose names say that they are secret.</summary>
public static partial class Redaction
{
    /// <summary>The account that all documentation of AWS uses.</summary>
    public const string Account = "111122223333";

    private const string Instead = "redacted";

    /// <summary>The world's text in its canonical form; or what is wrong with it, so that nobody could load it.</summary>
    /// <remarks>Accounts keep being told apart: the world's own becomes <see cref="Account"/>, the
    /// others are numbered in the order of their ids.</remarks>
    public static Checked<string> Write(WorldState state)
    {
        foreach (var manifest in state.Kubernetes)
        {
            Hide(manifest);
        }
        foreach (var data in state.Aws.LaunchTemplateVersions.Select(version => version.LaunchTemplateData))
        {
            data.UserData = LeastUserData.Of(UserData.Read(data.UserData));
        }
        foreach (var addon in state.Aws.Addons)
        {
            addon.ConfigurationValues = Hidden(addon.ConfigurationValues);
        }
        foreach (
            var data in state
                .Kubernetes.Where(manifest => $"{manifest["kind"]}" == "ConfigMap")
                .Select(manifest => manifest["data"])
                .OfType<JsonObject>()
        )
        {
            foreach (var (key, value) in data.ToList())
            {
                data[key] = Hidden($"{value}");
            }
        }
        var text = WorldWriter.Write(state);
        var others = Accounts()
            .Matches(text)
            .Select(match => match.Value)
            .Where(id => id != state.Aws.Account)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        var redacted = Accounts()
            .Replace(text, match => match.Value == state.Aws.Account ? Account : $"2222{others.IndexOf(match.Value):D8}");
        var read = WorldReader.Read(redacted, "the copy");
        // Written once more, because other ids may stand in another order.
        return new(read.Ok(out var world) ? WorldWriter.Write(world) : null, read.Findings);
    }

    private static void Hide(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var item in list)
                {
                    Hide(item);
                }
                break;
            case JsonObject map:
                if (map["name"] is JsonValue name && map["value"] is JsonValue && IsSecret($"{name}"))
                {
                    map["value"] = Instead;
                }
                foreach (var (_, value) in map)
                {
                    Hide(value);
                }
                break;
        }
    }

    /// <summary>In the add-on's document, which is JSON or YAML and stays as it was sent but for these values.</summary>
    private static string? Hidden(string? document) =>
        document is null
            ? null
            : Settings()
                .Replace(
                    document,
                    match =>
                        IsSecret(match.Groups["name"].Value)
                            ? $"{match.Groups["before"].Value}{Instead}{match.Groups["quote"].Value}"
                            : match.Value
                );

    private static bool IsSecret(string name) => Secrets().IsMatch(name);

    [GeneratedRegex("(?<![0-9A-Za-z])[0-9]{12}(?![0-9A-Za-z])")]
    private static partial Regex Accounts();

    [GeneratedRegex("SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL|PRIVATE_?KEY|ACCESS_?KEY|API_?KEY", RegexOptions.IgnoreCase)]
    private static partial Regex Secrets();

    [GeneratedRegex("(?<before>\"?(?<name>[A-Za-z0-9_]+)\"?\\s*:\\s*(?<quote>\"?))(?<value>[^\"{}\\[\\],\\n]+)\\k<quote>")]
    private static partial Regex Settings();
}
