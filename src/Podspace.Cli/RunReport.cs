using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Podspace.Applying;
using Podspace.Cli.Output;
using Podspace.Formats;
using Podspace.Planning;

namespace Podspace.Cli;

/// <summary>What a run did, for auditors: every step with what came of it, every call with
/// the id under which AWS or Kubernetes knows it.</summary>
internal sealed class RunReport(string file)
{
    private readonly JsonArray runs = [];

    /// <summary>Follows one session to its end, however it ends, and writes the file anew.</summary>
    public async Task<Said> FollowAsync(Session session, Func<Action<StepReport>, Task<Said>> run)
    {
        var calls = new ConcurrentQueue<CallRecord>();
        var steps = new List<StepReport>();
        var started = session.Connections.Time.GetUtcNow();
        Said? said = null;
        session.Connections.OnCall = calls.Enqueue;
        try
        {
            return said = await run(steps.Add);
        }
        finally
        {
            runs.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["overlay"] = session.Spec.Name,
                        ["cluster"] = session.Spec.Cluster,
                        ["account"] = PlanText.Account(session.Account, shows: false),
                        ["region"] = session.Spec.Region,
                        ["vpc"] = session.Spec.Vpc,
                        ["started"] = Text(started),
                        ["ended"] = Text(session.Connections.Time.GetUtcNow()),
                        ["exitCode"] = said?.Exit ?? ExitCode.Error,
                        ["steps"] = new JsonArray([.. steps.Where(step => step.Result != StepResult.Started).Select(Step)]),
                        ["calls"] = new JsonArray([.. calls.OrderBy(call => call.At).Select(Call)]),
                    }
            );
            await WriteAsync();
        }
    }

    private Task WriteAsync() =>
        File.WriteAllTextAsync(
            file,
            new JsonObject
            {
                ["apiVersion"] = "podspace.io/v1alpha1",
                ["kind"] = "Report",
                ["madeBy"] = $"podspace {VersionCommand.Version}",
                ["runs"] = runs.DeepClone(),
            }.ToPage()
        );

    private static JsonNode Step(StepReport report) =>
        new JsonObject
        {
            ["id"] = report.Step.Id,
            ["result"] = report.Result switch
            {
                StepResult.Done => "done",
                StepResult.Refused => "refused",
                _ => "notTried",
            },
            ["text"] = report.Text,
        };

    private static JsonNode Call(CallRecord call)
    {
        var json = new JsonObject
        {
            ["at"] = Text(call.At),
            ["service"] = call.Service,
            ["operation"] = call.Operation,
            ["changes"] = call.IsWrite && !call.IsDryRun,
            ["milliseconds"] = (int)call.Duration.TotalMilliseconds,
            ["requestId"] = call.RequestId,
            ["error"] = call.Error,
        };
        if (call.IsDryRun)
        {
            json["dryRun"] = true;
        }
        return json;
    }

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
