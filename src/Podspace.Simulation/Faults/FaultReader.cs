using System.Buffers;
using System.Text.Json;
using Podspace.Findings;
using Podspace.Formats.Yaml;
using Podspace.Simulation.WorldFile;

namespace Podspace.Simulation.Faults;

/// <summary>Reads a faults file. Every mistake in it is a finding with its place.</summary>
public static class FaultReader
{
    /// <summary>A small one, for whoever has none.</summary>
    public const string Form = """
        A faults file looks like this:
          apiVersion: podspace.io/v1alpha1
          kind: Faults
          seed: 7
          rules:
            - {fault: throttle, service: ec2, percent: 10}
        """;

    public static readonly EquatableArray<string> Services = ["ec2", "eks", "kubernetes", "ram", "sts"];

    /// <param name="file">As findings shall name it.</param>
    public static Checked<FaultPlan> Read(string text, string file)
    {
        var findings = new WorldFindings(file);
        var plan = WorldReader.Tree(YamlReader.Opening(text), YamlRules.Faults, findings) is YamlNode.Mapping root
            ? Read(root, findings)
            : null;
        if (plan is null && !findings.Any)
        {
            findings.Add(WorldFindings.WrongKind, 0, 0, "", "The file holds no keys.", Form);
        }
        return new(findings.Any ? null : plan, findings.Sorted());
    }

    private static FaultPlan? Read(YamlNode.Mapping root, WorldFindings findings)
    {
        if (root.Find("kind") is not YamlNode.Scalar { Text: "Faults" })
        {
            findings.Add(WorldFindings.WrongKind, root.Line, root.Column, "kind", "This is not a file of kind Faults.", Form);
            return null;
        }
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { SkipValidation = true }))
        {
            new TypedJson(writer, findings).Write(root, typeof(FaultPlan), "");
        }
        if (findings.Any)
        {
            return null;
        }
        var plan = JsonSerializer.Deserialize(json.WrittenSpan, WorldJson.Default.FaultPlan)!;
        Check(plan, new Places(root, findings));
        return plan;
    }

    private static void Check(FaultPlan plan, Places places)
    {
        foreach (var (change, seconds) in plan.Delays)
        {
            if (!WorldChecks.Changes.Contains(change))
            {
                places.Report(
                    WorldFindings.BadValue,
                    $"delays.{change}",
                    $"{change} is no change that takes time here.",
                    $"The changes are {string.Join(", ", WorldChecks.Changes)}."
                );
            }
            else if (seconds < 0)
            {
                places.Report(
                    WorldFindings.BadValue,
                    $"delays.{change}",
                    $"{change} cannot take {seconds} seconds.",
                    "Write seconds, from 0 on."
                );
            }
        }
        for (var i = 0; i < plan.Rules.Count; i++)
        {
            Check(plan.Rules[i], (key, problem, fix) => places.Report(WorldFindings.BadValue, $"rules[{i}].{key}", problem, fix));
        }
    }

    private static void Check(FaultRule rule, Action<string, string, string> report)
    {
        if (!FaultKinds.All.Contains(rule.Fault))
        {
            report(
                "fault",
                rule.Fault.Length == 0 ? "The rule does not say what goes wrong." : $"{rule.Fault} is no fault.",
                $"The faults are {string.Join(", ", FaultKinds.All)}."
            );
        }
        if (rule.Service.Length > 0 && !Services.Contains(rule.Service))
        {
            report("service", $"{rule.Service} is no service of a world.", $"The services are {string.Join(", ", Services)}.");
        }
        if (rule is { Fault: FaultKinds.Stale, Service: not ("" or "ec2") })
        {
            report(
                "service",
                $"{rule.Service} has no stale reads: only EC2 is documented to answer with what was there a moment ago.",
                "Write service: ec2."
            );
        }
        if (rule.Only is not ("" or "reads" or "writes"))
        {
            report("only", $"{rule.Only} is no kind of call.", "Write reads or writes, or leave it out for both.");
        }
        if (rule.Percent is < 1 or > 100)
        {
            report("percent", $"{rule.Percent} is no number of calls in a hundred.", "Write a number from 1 to 100.");
        }
        if (TooSmall(rule) is { } key)
        {
            report(key, "The number is too small.", "Calls are counted from 1; most and seconds from 0.");
        }
        if (rule is { Code.Length: > 0, Fault: not FaultKinds.Error } || rule is { Status: not (0 or (>= 400 and <= 599)) })
        {
            report(
                rule.Code.Length > 0 ? "code" : "status",
                "A code of one's own goes with fault: error, and a status from 400 to 599.",
                "Correct or leave it out."
            );
        }
    }

    private static string? TooSmall(FaultRule rule) =>
        rule switch
        {
            { Most: < 0 } => "most",
            { Seconds: < 0 } => "seconds",
            _ => rule.Nth.Exists(number => number < 1) ? "nth" : null,
        };
}
