using Podspace.Model;
using Podspace.Steps;

namespace Podspace.Rendering.Runbooks;

/// <summary>Why each step is there, as the guide explains it.</summary>
internal static class RunbookText
{
    public static string Why(RunbookChapter chapter) =>
        chapter.Topic switch
        {
            RunbookTopic.Block => "A VPC takes further blocks beside its first. Those of 100.64.0.0/10 (RFC 6598) are not routed in "
                + "your company, so every VPC may use the same one. The tag goes first: "
                + "it says whose block it is, and from when; "
                + $"the control plane needs {ControlPlaneClock.InWords} until it reaches pods in a new block.",
            RunbookTopic.Subnets => "An interface can only stand in a subnet of its node's own zone, so every zone in which a node can "
                + "start needs one. Reservations keep whole /28 blocks together, which prefix delegation takes.",
            RunbookTopic.Sharing =>
                "The VPC belongs to another account than the nodes: they take addresses only from subnets that its owner "
                    + "shares with theirs. Within an organization nobody has to accept anything. The tags say whose the share is.",
            RunbookTopic.Routing => "A table of their own, associated explicitly: otherwise the main "
                + "table decides, and it may change for other reasons. Inside the VPC no route is needed.",
            RunbookTopic.Groups => "A group on pods' interfaces must admit the VPC and the pods; "
                + "and the groups of control plane and nodes must admit it, or pods lose the API server, kubelets and DNS on "
                + "old nodes.",
            RunbookTopic.Places when chapter.Steps.Any(step => step.Stage == Stage.Switch) =>
                "The switch is on already, so this decides about the very next interface: replace the nodes right after it.",
            RunbookTopic.Places =>
                "Before the switch: a node that starts between switch and this finds no place for its pods and stays NotReady.",
            RunbookTopic.Switch => "From here on new interfaces come from the pod subnets. Pods that run keep their addresses. "
                + "Nodes that run have none for new pods, so they are cordoned first: go on "
                + "to the next step without a break, or undo this one.",
            RunbookTopic.Leaving => "Nothing lives there any more.",
            RunbookTopic.Nodes => "The interfaces of a node that runs stay where they are, so every old node is replaced. Disruption "
                + "budgets are kept: drain waits for them. If the first new node does not get Ready, "
                + "or its pods no address, undo the switch, which lets pods onto the old nodes again.",
        };

    public static string Disturbs(RunbookChapter chapter)
    {
        if (chapter.Topic == RunbookTopic.Nodes)
        {
            return "running pods: each starts anew on a new node, as far as disruption budgets allow";
        }
        return chapter.Steps.Max(step => step.Disruption) switch
        {
            Disruption.None => "nobody",
            Disruption.NewPods => "pods that start from then on",
            Disruption.RunningPods => "**running pods**",
        };
    }
}
