namespace Podspace.Steps;

/// <summary>A change to something that Podspace did not make. The table is closed: a test
/// fails when a run makes one that is not in it.</summary>
/// <param name="Operation">AWS's name of the call, or verb and resource for Kubernetes.</param>
/// <param name="On">What it is made to.</param>
/// <param name="Permission">What it needs: an IAM action, or verb and resource of an RBAC rule.</param>
/// <param name="Undo">How it is undone.</param>
public sealed record ForeignEdit(string Operation, string On, Stage Stage, string Permission, string Undo)
{
    public static readonly EquatableArray<ForeignEdit> Table =
    [
        new(
            "CreateTags",
            "the VPC: podspace.io/block.…",
            Stage.Network,
            "ec2:CreateTags",
            "destroy removes the tag once the block is gone"
        ),
        new("DeleteTags", "the VPC: podspace.io/block.…", Stage.Network, "ec2:DeleteTags", "it is the undoing"),
        new(
            "CreateTags",
            "the VPC: podspace.io/lock.…, while there is no cluster",
            Stage.Network,
            "ec2:CreateTags",
            "removed when the run ends, or by the next one"
        ),
        new("DeleteTags", "the VPC: podspace.io/lock.…, while there is no cluster", Stage.Network, "ec2:DeleteTags", "it is the undoing"),
        new(
            "CreateTags",
            "node subnets, and pod subnets that are used: kubernetes.io/role/cni",
            Stage.Switch,
            "ec2:CreateTags",
            "destroy puts back what was there, where the tag still holds what we wrote"
        ),
        new(
            "DeleteTags",
            "node subnets, and pod subnets that are used: kubernetes.io/role/cni",
            Stage.Switch,
            "ec2:DeleteTags",
            "it is the undoing"
        ),
        new("AssociateVpcCidrBlock", "the VPC", Stage.Network, "ec2:AssociateVpcCidrBlock", "destroy disassociates the block"),
        new("DisassociateVpcCidrBlock", "the VPC: a block of ours", Stage.Network, "ec2:DisassociateVpcCidrBlock", "it is the undoing"),
        new(
            "AuthorizeSecurityGroupIngress",
            "groups of the cluster and its nodes",
            Stage.Admit,
            "ec2:AuthorizeSecurityGroupIngress",
            "destroy revokes the rule, which carries our tags"
        ),
        new(
            "RevokeSecurityGroupIngress",
            "groups of the cluster and its nodes: rules of ours",
            Stage.Admit,
            "ec2:RevokeSecurityGroupIngress",
            "it is the undoing"
        ),
        new(
            "UpdateAddon",
            "the add-on vpc-cni: our keys of its values",
            Stage.Switch,
            "eks:UpdateAddon",
            "destroy restores each key that still holds what we wrote"
        ),
        new(
            "patch daemonsets",
            "DaemonSet kube-system/aws-node without a managed add-on: our settings of container aws-node",
            Stage.Switch,
            "patch daemonsets.apps",
            "destroy restores each setting that still holds what we wrote"
        ),
        new(
            "CreateAccessEntry",
            "the cluster: an entry for a node role of its own",
            Stage.Admit,
            "eks:CreateAccessEntry",
            "destroy deletes the entry, which carries our tags"
        ),
        new("AssociateAccessPolicy", "the cluster: that entry", Stage.Admit, "eks:AssociateAccessPolicy", "it goes with the entry"),
        new("DeleteAccessEntry", "the cluster: an entry of ours", Stage.Switch, "eks:DeleteAccessEntry", "it is the undoing"),
        new(
            "CreateTags",
            "subnets that apply --take-over names",
            Stage.Network,
            "ec2:CreateTags",
            "nothing: they are Podspace's from then on, and destroy deletes them"
        ),
        new(
            "DeleteNetworkInterface",
            "interfaces that nodes left behind in pod subnets, by destroy --sweep only",
            Stage.Network,
            "ec2:DeleteNetworkInterface",
            "nothing: their nodes are gone"
        ),
        new(
            "TerminateInstances",
            "nodes, one at a time, by rollout only",
            Stage.Nodes,
            "ec2:TerminateInstances",
            "rollout back replaces them again"
        ),
        new(
            "delete nodeclaims",
            "nodes of Auto Mode, one at a time, by rollout only",
            Stage.Nodes,
            "delete nodeclaims",
            "rollout back replaces them again"
        ),
        new(
            "cordon nodes",
            "nodes, with annotation podspace.io/rollout.…, by rollout only",
            Stage.Nodes,
            "patch nodes",
            "cordoned nodes are replaced; uncordoned when the canary fails, by rollout back and by destroy"
        ),
        new(
            "evict pods",
            "pods of nodes that are replaced, by rollout only",
            Stage.Nodes,
            "create pods/eviction",
            "their controllers make them anew"
        ),
    ];
}
