namespace Podspace.Steps;

/// <summary>What a chapter of a runbook is about; a plan's changes of one topic that follow each other make one.</summary>
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
