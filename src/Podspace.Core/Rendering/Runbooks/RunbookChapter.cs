using Podspace.Cni;
using Podspace.Steps;

namespace Podspace.Rendering.Runbooks;

/// <summary>What a chapter is about; a plan's changes of one topic that follow each other make one.</summary>
public enum RunbookTopic
{
    Block,
    Subnets,

    /// <summary>With the account of the nodes, where the VPC is another's.</summary>
    Sharing,
    Routing,
    Groups,

    /// <summary>Where pods live, told to the CNI or to Auto Mode, before anybody looks for it.</summary>
    Places,
    Switch,

    /// <summary>What is no longer wanted goes.</summary>
    Leaving,
    Nodes,
}

/// <summary>One step of the runbook: a few changes of the plan that a person makes in one go.</summary>
/// <param name="Back">Empty where there is nothing to take back.</param>
public sealed record RunbookChapter(
    int Number,
    RunbookTopic Topic,
    string Title,
    EquatableArray<Step> Steps,
    EquatableArray<string> Console,
    string Commands,
    string Terraform,
    string Check,
    string Expect,
    string Back
)
{
    /// <summary>Changes of one topic side by side, in the plan's order.</summary>
    public static IEnumerable<(RunbookTopic Topic, EquatableArray<Step> Steps)> Cut(EquatableArray<Step> steps)
    {
        var run = new List<Step>();
        foreach (var step in steps)
        {
            if (run.Count > 0 && TopicOf(run[0].Change) != TopicOf(step.Change))
            {
                yield return (TopicOf(run[0].Change), run.ToEquatable());
                run.Clear();
            }
            run.Add(step);
        }
        if (run.Count > 0)
        {
            yield return (TopicOf(run[0].Change), run.ToEquatable());
        }
    }

    private static RunbookTopic TopicOf(Change change) =>
        change switch
        {
            { ThrowsSwitch: true } => RunbookTopic.Switch,
            Change.TagBlock or Change.AssociateBlock => RunbookTopic.Block,
            Change.CreateSubnet or Change.Reserve or Change.TakeOver or Change.AssociateAcl => RunbookTopic.Subnets,
            Change.CreateShare or Change.AddToShare => RunbookTopic.Sharing,
            Change.CreateRouteTable or Change.AddRoute or Change.AssociateTable => RunbookTopic.Routing,
            Change.CreateGroup or Change.AddRule or Change.TagRule => RunbookTopic.Groups,
            Change.SetAddonValues { Document.Purpose: CniPurpose.EniConfigs }
            or Change.ApplyEniConfig
            or Change.CreateAccessEntry
            or Change.ApplyNodeClass => RunbookTopic.Places,
            Change.SetAddonValues or Change.SetAwsNode or Change.SetSubnetRole or Change.RestoreSubnetRole => RunbookTopic.Switch,
            _ => RunbookTopic.Leaving,
        };
}
