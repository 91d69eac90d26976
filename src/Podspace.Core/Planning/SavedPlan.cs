using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podspace.Formats;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Planning;

/// <summary>A plan in a file, to be approved and carried out later: the plan as <c>plan -o json</c>
/// prints it, with the spec and a fingerprint of what it was made from.</summary>
/// <remarks>Nothing in the file is carried out as it stands there: the plan is made anew from
/// its spec, and has to be the same step for step.</remarks>
public sealed class SavedPlan
{
    private readonly JsonObject document;

    private SavedPlan(JsonObject document) => this.document = document;

    public string Overlay => Text("overlay");

    /// <summary>Null: it was saved whole.</summary>
    public Stage? Stage =>
        document["stage"] is { } stage && Enum.TryParse<Stage>((string?)stage, ignoreCase: true, out var known) ? known : null;

    /// <summary>The file that the spec stood in, whole.</summary>
    public SourceText Spec => new((string)document["spec"]!["file"]!, (string)document["spec"]!["text"]!);

    /// <param name="plan">Without the steps past <paramref name="stage"/>.</param>
    /// <param name="account">As it shall be shown.</param>
    public static string Write(Plan plan, string account, Stage? stage, SourceText spec, string version)
    {
        var document = PlanJson.Document(plan, account);
        if (stage is { } upTo)
        {
            document["stage"] = $"{upTo}".ToLowerInvariant();
        }
        document["madeBy"] = $"podspace {version}";
        document["spec"] = new JsonObject { ["file"] = spec.File, ["text"] = spec.Text };
        document["ground"] = new JsonObject(plan.FingerprintInput.Select(part => KeyValuePair.Create(part.Name, (JsonNode?)part.Hash)));
        document["seal"] = Seal(document);
        return document.ToPage();
    }

    /// <returns>The plan, or what is wrong with the file.</returns>
    public static (SavedPlan? Plan, string Problem) Read(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject document ? Read(document) : (null, "it is not a JSON object");
        }
        catch (Exception wrong) when (wrong is JsonException or ArgumentException)
        {
            return (null, "it is not JSON");
        }
    }

    private static (SavedPlan? Plan, string Problem) Read(JsonObject document)
    {
        if ($"{document["apiVersion"]}" != "podspace.io/v1alpha1" || $"{document["kind"]}" != "Plan")
        {
            return (null, $"its kind is \"{document["kind"]}\", not Plan of podspace.io/v1alpha1");
        }
        if (document["seal"] is not { } seal || document["ground"] is null)
        {
            return (null, "it is what plan -o json prints, which is for reading: it lacks the ground on which the plan stands");
        }
        document.Remove("seal");
        return $"{seal}" == Seal(document)
            ? (new(document), "")
            : (null, "somebody changed it since it was saved, and what was approved is not what stands there now");
    }

    /// <returns>Null when a plan made now is the same; else what moved.</returns>
    public string? MovedTo(Plan now)
    {
        var (saved, steps) = (Parts(), PlanJson.Steps(now.UpTo(Stage ?? Podspace.Steps.Stage.Nodes)));
        if (
            saved.TryGetValue(Fingerprint.TheSpec, out var spec)
            && now.FingerprintInput.Any(part => part.Name == Fingerprint.TheSpec && part.Hash != spec)
        )
        {
            // The text of the spec is in the plan: only a program that reads it otherwise makes something else of it.
            return $"{Text("madeBy")} saved it, and this version reads specs otherwise";
        }
        var live = now.FingerprintInput.ToDictionary(part => part.Name, part => part.Hash);
        var parts = Named(
                "changed",
                live.Where(part => saved.TryGetValue(part.Key, out var hash) && hash != part.Value).Select(part => part.Key)
            )
            .Concat(Named("new", live.Keys.Except(saved.Keys)))
            .Concat(Named("gone", saved.Keys.Except(live.Keys)))
            .ToList();
        if (parts.Count == 0 && JsonNode.DeepEquals(WithoutWords((JsonArray)document["steps"]!), WithoutWords(steps)))
        {
            return null;
        }
        var (was, left) = (Ids((JsonArray)document["steps"]!), Ids(steps));
        if (parts.Count == 0)
        {
            var others = Named("new", left.Except(was)).Concat(Named("gone", was.Except(left))).DefaultIfEmpty($"it was {Text("madeBy")}");
            return $"made now, the plan has other steps ({string.Join("; ", others)})";
        }
        var moved = string.Join("; ", parts);
        return left.Count < was.Count && !left.Except(was).Any()
            ? $"{moved}. {was.Count - left.Count} of its {was.Count} steps are done already"
            : moved;
    }

    private static IEnumerable<string> Named(string word, IEnumerable<string> names)
    {
        const int Most = 5;
        var all = names.Order(StringComparer.Ordinal).ToList();
        if (all.Count > 0)
        {
            yield return $"{word}: {string.Join(", ", all.Take(Most))}{(all.Count > Most ? $" and {all.Count - Most} more" : "")}";
        }
    }

    private Dictionary<string, string> Parts() => document["ground"]!.AsObject().ToDictionary(part => part.Key, part => $"{part.Value}");

    /// <summary>A later version may say better why a step is needed; it is the same step.</summary>
    private static JsonArray WithoutWords(JsonArray steps)
    {
        var copy = (JsonArray)steps.DeepClone();
        foreach (var step in copy)
        {
            step!.AsObject().Remove("why");
        }
        return copy;
    }

    private static List<string> Ids(JsonArray steps) => [.. steps.Select(step => $"{step!["id"]}")];

    private string Text(string key) => $"{document[key]}";

    /// <summary>Holds against a slip of the hand, not against malice: whoever can write the
    /// file can seal it, and gains nothing by it.</summary>
    private static string Seal(JsonObject document) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(document.ToJsonString())));
}
