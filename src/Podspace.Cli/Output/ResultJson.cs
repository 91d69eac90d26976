using System.Text.Json.Nodes;
using Podspace.Applying;
using Podspace.Formats;
using Podspace.Operations;
using Podspace.Planning;
using Podspace.Steps;

namespace Podspace.Cli.Output;

/// <summary>A result for programs: how it ended, in which of the known ways, and with what.</summary>
internal static class ResultJson
{
    public static string Of(OperationResult result, ResultText text, Session session, bool showsAccount)
    {
        var document = Begun(session, showsAccount);
        document["ending"] = Camel($"{result.Ending}");
        document["outcome"] = Camel(result.GetType().Name);
        document["state"] = text.State;
        document["text"] = text.Text.TrimEnd();
        document["next"] = text.Next;
        foreach (var (name, value) in Data(result))
        {
            document[name] = value;
        }
        return document.ToPage();
    }

    /// <summary>Where a command met a mistake instead of a result.</summary>
    public static string OfMistake(string message, Session session, bool showsAccount)
    {
        var document = Begun(session, showsAccount);
        document["ending"] = "failed";
        document["outcome"] = "mistake";
        document["state"] = "error";
        document["text"] = message;
        document["next"] = "";
        return document.ToPage();
    }

    /// <summary>Several documents as one.</summary>
    public static string List(IEnumerable<string> documents) =>
        new JsonObject
        {
            ["apiVersion"] = "podspace.io/v1alpha1",
            ["kind"] = "List",
            ["items"] = new JsonArray([.. documents.Select(document => JsonNode.Parse(document))]),
        }.ToPage();

    /// <summary>Of a command that is about no overlay.</summary>
    public static string Plain(string state, params (string Name, JsonNode? Value)[] data)
    {
        var document = new JsonObject
        {
            ["apiVersion"] = "podspace.io/v1alpha1",
            ["kind"] = "Result",
            ["state"] = state,
        };
        foreach (var (name, value) in data)
        {
            document[name] = value;
        }
        return document.ToPage();
    }

    private static JsonObject Begun(Session session, bool showsAccount) =>
        new()
        {
            ["apiVersion"] = "podspace.io/v1alpha1",
            ["kind"] = "Result",
            ["overlay"] = session.Spec.Name,
            ["cluster"] = session.Spec.Cluster,
            ["account"] = PlanText.Account(session.Account, showsAccount),
            ["region"] = session.Spec.Region,
            ["vpc"] = session.Spec.Vpc,
        };

    private static IEnumerable<(string Name, JsonNode? Value)> Data(OperationResult result) =>
        result switch
        {
            OperationResult.Verified it =>
            [
                (
                    "checks",
                    Array(
                        it.Parts,
                        part => new JsonObject
                        {
                            ["what"] = part.What,
                            ["ok"] = part.IsRight,
                            ["detail"] = part.Detail,
                        }
                    )
                ),
                ("summary", it.Summary),
            ],
            OperationResult.RolloutStatus it =>
            [
                (
                    "nodes",
                    Array(
                        it.Nodes,
                        one => new JsonObject
                        {
                            ["name"] = one.Node.Name,
                            ["zone"] = one.Node.Zone,
                            ["state"] = Camel($"{one.State}"),
                            ["pods"] = one.Pods,
                            ["cordoned"] = one.Node.IsCordoned,
                            ["ready"] = one.Node.IsReady,
                        }
                    )
                ),
                ("waiting", it.IsWaiting),
            ],
            OperationResult.LeftToOthers it => Left(it.Steps),
            OperationResult.TakenBack it =>
            [
                .. Left(it.Steps),
                (
                    "kept",
                    Array(
                        it.Plan.Kept,
                        part => new JsonObject
                        {
                            ["for"] = Camel($"{part.For}"),
                            ["finding"] = part.Why.Code,
                            ["object"] = part.Why.Object,
                        }
                    )
                ),
            ],
            OperationResult.LivedIn it => [("pods", Array(it.Residents.Pods, pod => JsonValue.Create($"{pod}")))],
            OperationResult.SwitchedOff it => [("nodes", it.Nodes)],
            OperationResult.NotDone it => [("reason", Camel(it.Reason.GetType().Name))],
            OperationResult.NoPlan it =>
            [
                (
                    "findings",
                    Array(
                        it.Findings,
                        finding => new JsonObject
                        {
                            ["code"] = finding.Code,
                            ["severity"] = Camel($"{finding.Severity}"),
                            ["object"] = finding.Object,
                            ["problem"] = finding.Problem,
                            ["fix"] = finding.Fix,
                        }
                    )
                ),
            ],
            OperationResult.NotAllowed it => [("denied", Array(it.Report.Denied, denied => JsonValue.Create(denied)))],
            OperationResult.NotBegun it => Refused(it.Refusal),
            OperationResult.RolloutStopped it => Refused(it.Refusal),
            OperationResult.SwitchStays it => Refused(it.Refusal),
            OperationResult.LockLeft it => [.. Data(it.Work), .. Refused(it.Refusal)],
            OperationResult.Incomplete { Refusal: { } refusal } => Refused(refusal),
            _ => [],
        };

    private static IEnumerable<(string Name, JsonNode? Value)> Left(StepsByOwner steps) =>
        [("left", Ids(steps.External)), ("waiting", Ids(steps.Blocked))];

    private static IEnumerable<(string Name, JsonNode? Value)> Refused(Refusal refusal) =>
        [
            (
                "refusal",
                new JsonObject
                {
                    ["code"] = refusal.Code,
                    ["message"] = refusal.Message,
                    ["requestId"] = refusal.RequestId,
                }
            ),
        ];

    private static JsonArray Ids(EquatableArray<Step> steps) => Array(steps, step => JsonValue.Create(step.Id));

    private static JsonArray Array<T>(EquatableArray<T> all, Func<T, JsonNode?> one) => new([.. all.Select(one)]);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
