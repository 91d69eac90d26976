using System.Diagnostics;
using System.Text;
using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;
using Podspace.Steps;

namespace Podspace.Rendering.Terraform;

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

    /// <summary>Reports whether it belongs to the VPC's account, where the cluster's is another.</summary>
    public static bool IsOfVpc(string type) => Change.IsKindOfVpc(KindOf(type));

    /// <summary>The kind of the change that a resource of the type stands for.</summary>
    private static string KindOf(string type) =>
        type switch
        {
            Block => "block",
            Subnet => "subnet",
            Reservation => "reservation",
            Table => "route table",
            Route => "route",
            Association => "association",
            AclAssociation => "network ACL",
            Share or SharePrincipal => "share",
            SharedSubnet => "shared subnet",
            Tag => "subnet role",
            Group => "group",
            Ingress or Egress => "rule",
            Addon => "add-on",
            AccessEntry or AccessPolicy => "access entry",
            _ => throw new UnreachableException($"{type} stands for no change."),
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
