using System.Diagnostics;
using System.Text;
using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Steps.Text;

/// <summary>Addresses of resources. They follow from our names, never from a place in a list, so
/// that nothing is replaced when a zone joins or leaves.</summary>
public static class TerraformNames
{
    public const string Block = "aws_vpc_ipv4_cidr_block_association";
    public const string Subnet = "aws_subnet";
    public const string Reservation = "aws_ec2_subnet_cidr_reservation";
    public const string Table = "aws_route_table";
    public const string Route = "aws_route";
    public const string Association = "aws_route_table_association";
    public const string AclAssociation = "aws_network_acl_association";
    public const string Share = "aws_ram_resource_share";
    public const string SharedSubnet = "aws_ram_resource_association";
    public const string SharePrincipal = "aws_ram_principal_association";
    public const string Group = "aws_security_group";
    public const string Ingress = "aws_vpc_security_group_ingress_rule";
    public const string Egress = "aws_vpc_security_group_egress_rule";
    public const string Addon = "aws_eks_addon";
    public const string Tag = "aws_ec2_tag";
    public const string AccessEntry = "aws_eks_access_entry";
    public const string AccessPolicy = "aws_eks_access_policy_association";

    /// <summary>Of the Kubernetes provider.</summary>
    public const string Manifest = "kubernetes_manifest";

    public const string VpcCni = "vpc_cni";

    public static string Of(Cidr block) => Word($"pods_{block}");

    public static string Of(Ref reference) => Word(reference.ToString());

    public static string Of(Ref subnet, Cidr reserved) => Word($"{subnet}_{reserved}");

    public static string Of(Ref table, Route route) => Word($"{table}_to_{route.To}");

    public static string Of(GroupRule rule) => Word(rule.ToString());

    public static string Of(AccessEntry entry) => Word($"nodes_{entry.PrincipalArn[(entry.PrincipalArn.LastIndexOf('/') + 1)..]}");

    /// <summary>Of the tag by which subnet discovery is told of a subnet that is not ours.</summary>
    public static string OfRole(Ref subnet) => $"{Of(subnet)}_cni";

    public static string TypeOf(GroupRule rule) => rule.Direction == Direction.Ingress ? Ingress : Egress;

    /// <summary>Of an object in the cluster.</summary>
    public static string OfObject(string kind, string name) => Word($"{kind.ToLowerInvariant()}_{name}");

    public static string Address(string type, string name) => $"{type}.{name}";

    /// <summary>Where a group's rule stands, which has a type for each direction.</summary>
    public static string Address(GroupRule rule) => Address(TypeOf(rule), Of(rule));

    /// <summary>What a share holds: the account, where it is named, and the subnets.</summary>
    public static string[] PartsOf(SubnetShare share) =>
        [
            .. share.Account.Length == 0 ? [] : (string[])[Address(SharePrincipal, Of(share.Ref))],
            .. share.Subnets.Select(subnet => Address(SharedSubnet, Of(subnet))),
        ];

    /// <summary>The policy first: it goes with its entry.</summary>
    public static string[] Addresses(AccessEntry entry) => [Address(AccessPolicy, Of(entry)), Address(AccessEntry, Of(entry))];

    /// <summary>Reports whether it belongs to the VPC's account, where the cluster's is another.</summary>
    public static bool IsOfVpc(string type) => NounOf(type).IsOfVpc;

    /// <summary>What a resource of the type is, in our words.</summary>
    internal static Noun NounOf(string type) =>
        type switch
        {
            Block => Noun.Block,
            Subnet => Noun.Subnet,
            Reservation => Noun.Reservation,
            Table => Noun.RouteTable,
            Route => Noun.Route,
            Association => Noun.Association,
            AclAssociation => Noun.NetworkAcl,
            Share or SharePrincipal => Noun.Share,
            SharedSubnet => Noun.SharedSubnet,
            Tag => Noun.SubnetRole,
            Group => Noun.Group,
            Ingress or Egress => Noun.Rule,
            Addon => Noun.Addon,
            AccessEntry or AccessPolicy => Noun.AccessEntry,
            _ => throw new UnreachableException($"{type} stands for no step."),
        };

    /// <summary>A letter or underscore, then letters, digits and underscores.</summary>
    private static string Word(string text)
    {
        var word = new StringBuilder();
        foreach (var c in text)
        {
            word.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        }
        return char.IsAsciiDigit(word[0]) ? $"_{word}" : word.ToString();
    }
}
