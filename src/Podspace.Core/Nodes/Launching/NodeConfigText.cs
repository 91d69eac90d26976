using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Podspace.Formats.Yaml;
using Podspace.Model;

namespace Podspace.Nodes.Launching;

/// <summary>nodeadm's NodeConfig. A flag beats the configuration, that beats the expression. Source: EKS User Guide,
/// "Choosing an instance type"; the kubelet, whose flags beat its file.</summary>
internal static partial class NodeConfigText
{
    /// <param name="parts">In their order: later ones are merged over earlier ones.</param>
    public static ToldPods Read(IEnumerable<string> parts)
    {
        var documents = parts
            .SelectMany(part => Separator().Split(part))
            .Where(text => text.Contains("node.eks.aws/", StringComparison.Ordinal))
            .ToList();
        var kubelets = new List<JsonNode?>();
        foreach (var document in documents)
        {
            if (YamlJson.Read(document, out var problem) is not JsonObject config)
            {
                // By its place alone: what stands there may be secret.
                var place = problem is null ? "it is no map of keys" : $"line {problem.Line}, column {problem.Column}";
                return new ToldPods.Unknown($"its NodeConfig is not YAML that can be read here ({place})");
            }
            kubelets.Add((config["spec"] as JsonObject)?["kubelet"]);
        }
        return Flag(kubelets) ?? Number(kubelets) ?? Formula(kubelets) ?? new ToldPods.Usual(MaxPodsPlace.NodeConfigExpression);
    }

    private static ToldPods? Flag(IEnumerable<JsonNode?> kubelets)
    {
        var flags = kubelets.SelectMany(kubelet => (kubelet as JsonObject)?["flags"] as JsonArray ?? []).Select(flag => $"{flag}");
        return flags.LastOrDefault(flag => flag.StartsWith("--max-pods=", StringComparison.Ordinal)) is { } told
            ? Read(told["--max-pods=".Length..], MaxPodsPlace.NodeConfigFlag)
            : null;
    }

    private static ToldPods? Number(IEnumerable<JsonNode?> kubelets) =>
        Last(kubelets, kubelet => (kubelet["config"] as JsonObject)?["maxPods"]) is { } told
            ? Read($"{told}", MaxPodsPlace.NodeConfigNumber)
            : null;

    private static ToldPods? Formula(IEnumerable<JsonNode?> kubelets)
    {
        var told = Last(kubelets, kubelet => kubelet["maxPodsExpression"])?.ToString().Trim();
        if (string.IsNullOrEmpty(told))
        {
            return null;
        }
        return MaxPodsExpression.Parse(told) is null
            ? new ToldPods.Unknown("its maxPodsExpression says more than is understood here")
            : new ToldPods.Formula(told);
    }

    private static JsonNode? Last(IEnumerable<JsonNode?> kubelets, Func<JsonObject, JsonNode?> value) =>
        kubelets.OfType<JsonObject>().Select(value).LastOrDefault(found => found is not null);

    private static ToldPods Read(string number, MaxPodsPlace place) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var pods)
            ? new ToldPods.Number(pods, place)
            : new ToldPods.Unknown("its NodeConfig names a max-pods that is no number");

    [GeneratedRegex("^---.*$", RegexOptions.Multiline)]
    private static partial Regex Separator();
}
