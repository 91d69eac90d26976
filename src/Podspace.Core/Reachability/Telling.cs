namespace Podspace.Reachability;

/// <summary>What can happen to a packet at one place.</summary>
internal enum TraceEventKind : byte
{
    /// <summary>a: the address of a ClusterIP; b: the backend that kube-proxy chose.</summary>
    ChosenByKubeProxy,

    /// <summary>a: a Service with a port on every node; b: 1 when the asker keeps its address. Who was chosen is the destination.</summary>
    TakenFromNodePort,

    /// <summary>a: a Service with a port on every node, and nobody behind it, or nobody on this one.</summary>
    NobodyBehindNodePort,

    /// <summary>a: the host.</summary>
    StaysOnHost,

    /// <summary>a: the interface by which it leaves; b: a <see cref="Reason"/>.</summary>
    LeavesHost,

    /// <summary>a: the interface.</summary>
    FailsSourceCheck,

    /// <summary>a: the interface; b: the rule, or negative.</summary>
    GroupOut,
    GroupIn,

    /// <summary>a: the subnet; b: the entry's number, negative when it denies, 0 when no entry fits.</summary>
    AclOut,
    AclIn,

    /// <summary>a: the subnet.</summary>
    WithinSubnet,

    /// <summary>a: the table; b: the target, or negative.</summary>
    Route,

    /// <summary>a: the NAT gateway.</summary>
    TranslatedByNat,

    /// <summary>a: the table; b: the target: beyond it nothing is seen.</summary>
    LeavesVpc,

    /// <summary>It comes from beyond the VPC.</summary>
    EntersVpc,

    /// <summary>a: the interface.</summary>
    Arrives,

    /// <summary>AWS's own: DNS, metadata, time. No group and no ACL filters it.</summary>
    AnsweredByAws,

    /// <summary>The node itself answers: Pod Identity's agent.</summary>
    AnsweredByHost,

    /// <summary>a: an <see cref="Unread"/>.</summary>
    Unread,

    /// <summary>a: a <see cref="Verdict"/>.</summary>
    Ends,
}

/// <summary>Why a node sends a packet by one interface and not by another.</summary>
internal enum Reason : byte
{
    /// <summary>The sender is no node of the cluster.</summary>
    OnlyOne,

    /// <summary>The node's own packet, or a pod's on hostNetwork.</summary>
    NodeItself,

    /// <summary>A pod to an address of the VPC.</summary>
    InsideVpc,

    Excluded,

    /// <summary>Nothing is translated: EXTERNALSNAT, or snatPolicy Disabled.</summary>
    KeepsAddress,

    /// <summary>A pod to an address beyond the VPC: the node's own address and interface.</summary>
    Translated,

    /// <summary>AWS_EXTERNAL_SERVICE_CIDRS.</summary>
    ExternalNetwork,

    /// <summary>A pod with an interface of its own, in strict mode.</summary>
    Branch,

    /// <summary>What came by a port of the node goes on to a pod elsewhere.</summary>
    Forwarded,

    /// <summary>An answer takes the interface that the question came by.</summary>
    Answer,
}

/// <summary>Hears what happens on a walk. A struct, so that a walk that tells nothing costs nothing.</summary>
internal interface ITraceSink
{
    void Tell(TraceEventKind what, int a, int b, uint from, uint to, bool isAnswer);
}

internal readonly struct Silence : ITraceSink
{
    public void Tell(TraceEventKind what, int a, int b, uint from, uint to, bool isAnswer) { }
}
