namespace Podspace.Tests.Rendering;

/// <summary>Arguments of the AWS provider's resources that we write. Source: hashicorp/aws 6.25.0, as generated into npm
/// @cdktf/provider-aws 21.22.1; arguments we never write are left out. A server test holds it against that package where it can be
/// had.</summary>
internal static class AwsProvider
{
    public static readonly IReadOnlyDictionary<string, string[]> Arguments = new Dictionary<string, string[]>
    {
        ["aws_vpc_ipv4_cidr_block_association"] = ["cidr_block", "vpc_id"],
        ["aws_subnet"] = ["availability_zone", "availability_zone_id", "cidr_block", "map_public_ip_on_launch", "tags", "vpc_id"],
        ["aws_ec2_subnet_cidr_reservation"] = ["cidr_block", "description", "reservation_type", "subnet_id"],
        // Source: hashicorp/terraform-provider-aws, website/docs/r/ram_resource_share, ram_resource_association, ram_principal_association.
        ["aws_ram_resource_share"] = ["allow_external_principals", "name", "permission_arns", "tags"],
        ["aws_ram_resource_association"] = ["resource_arn", "resource_share_arn"],
        ["aws_ram_principal_association"] = ["principal", "resource_share_arn"],
        ["aws_route_table"] = ["tags", "vpc_id"],
        ["aws_route"] =
        [
            "destination_cidr_block",
            "gateway_id",
            "nat_gateway_id",
            "network_interface_id",
            "route_table_id",
            "transit_gateway_id",
            "vpc_endpoint_id",
            "vpc_peering_connection_id",
        ],
        ["aws_route_table_association"] = ["route_table_id", "subnet_id"],
        ["aws_network_acl_association"] = ["network_acl_id", "subnet_id"],
        ["aws_security_group"] = ["description", "name", "tags", "vpc_id"],
        ["aws_vpc_security_group_ingress_rule"] = Rule,
        ["aws_vpc_security_group_egress_rule"] = Rule,
        ["aws_eks_addon"] =
        [
            "addon_name",
            "addon_version",
            "cluster_name",
            "configuration_values",
            "resolve_conflicts_on_create",
            "resolve_conflicts_on_update",
        ],
        ["aws_eks_access_entry"] = ["cluster_name", "principal_arn", "tags", "type"],
        ["aws_eks_access_policy_association"] = ["access_scope", "cluster_name", "policy_arn", "principal_arn"],
        ["aws_ec2_tag"] = ["key", "resource_id", "value"],
        // Source: hashicorp/terraform-provider-kubernetes, docs/resources/manifest.md, env.md.
        ["kubernetes_manifest"] = ["manifest"],
        ["kubernetes_env"] = ["api_version", "container", "env", "force", "kind", "metadata"],
    };

    private static string[] Rule =>
        [
            "cidr_ipv4",
            "description",
            "from_port",
            "ip_protocol",
            "prefix_list_id",
            "referenced_security_group_id",
            "security_group_id",
            "tags",
            "to_port",
        ];
}
