output "subnet_ids" {
  description = "Pod subnets that this module made, by the keys of subnets."
  value       = { for key, subnet in aws_subnet.pods : key => subnet.id }
}

output "route_table_ids" {
  description = "Route tables, by name."
  value       = { for key, table in aws_route_table.pods : key => table.id }
}

output "security_group_ids" {
  description = "Groups of the pods' interfaces; empty: those of their node."
  value       = local.pod_groups
}

output "eni_configs" {
  description = "What an ENIConfig of each zone holds, for those who write them as objects."
  value       = { for zone, subnet in local.eni_configs : zone => { subnet = subnet, securityGroups = local.pod_groups } }
}

output "addon_configuration_values" {
  description = "The whole document of add-on vpc-cni, for a module that makes the add-on; null without addon."
  value       = one(values(local.addon_documents))
}

output "node_config" {
  description = "A nodeadm NodeConfig that lets a node take as many pods as it has addresses for: for the user data of launch templates that name an AMI and of self-managed groups, as a part of content type application/node.eks.aws. Managed node groups without an AMI of their own do not need it."
  value = jsonencode({
    apiVersion = "node.eks.aws/v1alpha1"
    kind       = "NodeConfig"
    spec       = { kubelet = { maxPodsExpression = var.max_pods_expression } }
  })
}
