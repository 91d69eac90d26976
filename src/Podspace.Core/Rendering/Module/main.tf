locals {
  cluster = var.cluster_name == null ? "" : var.cluster_name

  # podspace plan and verify know by these which part is which, whoever made it.
  tags = merge(var.tags, {
    "podspace.io/cluster" = local.cluster
    "podspace.io/overlay" = var.name
  })

  # Through the blocks, so that nothing is made before they are there.
  vpc_id = coalesce(concat([for block in aws_vpc_ipv4_cidr_block_association.pods : block.vpc_id], [var.vpc_id])...)

  zones = { for key, subnet in var.subnets : key => subnet.zone == null ? key : subnet.zone }

  # A new subnet's name follows from its block, not from what else is there.
  subnet_names = {
    for key, subnet in var.subnets : key => subnet.name != null ? subnet.name : format(
      "pods-%s-%d", local.zones[key],
      can(regex("^100\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\\.", subnet.cidr_block)) ? tonumber(split(".", subnet.cidr_block)[1]) - 64 : 0
    )
  }

  name_tags = {
    subnets = { for key, zone in local.zones : key => replace(replace(replace(var.names.subnet, "{name}", var.name), "{zone}", zone), "{cluster}", local.cluster) }
    route_tables = {
      for key, table in var.route_tables : key => format(
        "%s%s",
        replace(replace(replace(var.names.route_table, "{name}", var.name), "{zone}", table.zone == null ? "" : table.zone), "{cluster}", local.cluster),
        table.zone == null || strcontains(var.names.route_table, "{zone}") ? "" : "-${table.zone}"
      )
    }
  }

  reservations = merge([
    for key, subnet in var.subnets : { for block in subnet.reserved : "${key} ${block}" => { subnet = key, block = block } }
  ]...)

  routes = merge([
    for key, table in var.route_tables : { for to, via in table.routes : "${key} ${to}" => { table = key, to = to, via = via } }
  ]...)

  own_group  = var.security_group == null ? {} : { pods = var.security_group }
  pod_groups = concat([for group in aws_security_group.pods : group.id], var.security_group_ids)

  eni_configs = merge(
    { for zone, subnet in var.existing_subnets : zone => subnet.id },
    { for key, zone in local.zones : zone => aws_subnet.pods[key].id if key == zone }
  )

  addon        = var.addon == null ? {} : { vpc_cni = var.addon }
  addon_values = { for key, addon in local.addon : key => jsondecode(addon.values) }
  addon_documents = {
    for key, addon in local.addon : key => jsonencode(merge(
      local.addon_values[key],
      { for word, env in { env = merge(try(local.addon_values[key].env, {}), addon.env) } : word => env if length(env) > 0 },
      {
        for word, value in {
          eniConfig = {
            create  = true
            region  = var.region
            subnets = { for zone, subnet in local.eni_configs : zone => { id = subnet, securityGroups = local.pod_groups } }
          }
        } : word => value if addon.eni_configs
      }
    ))
  }
}

resource "aws_vpc_ipv4_cidr_block_association" "pods" {
  for_each = var.blocks

  vpc_id     = var.vpc_id
  cidr_block = each.value
}

# No kubernetes.io/role/elb, kubernetes.io/role/internal-elb or karpenter.sh/discovery tag: load balancers and nodes stay in routable subnets.
resource "aws_subnet" "pods" {
  for_each = var.subnets

  vpc_id            = local.vpc_id
  cidr_block        = each.value.cidr_block
  availability_zone = local.zones[each.key]
  tags = merge(local.tags, each.value.tags, length(each.value.reserved) > 0 ? { "podspace.io/prefixes" = "true" } : {}, {
    Name               = local.name_tags.subnets[each.key]
    "podspace.io/name" = local.subnet_names[each.key]
  })
}

# Single addresses would splinter the subnet, and a node without a whole /28 starts no pods.
resource "aws_ec2_subnet_cidr_reservation" "prefixes" {
  for_each = local.reservations

  subnet_id        = aws_subnet.pods[each.value.subnet].id
  cidr_block       = each.value.block
  reservation_type = "prefix"
}

resource "aws_route_table" "pods" {
  for_each = var.route_tables

  vpc_id = local.vpc_id
  tags = merge(local.tags, {
    Name               = local.name_tags.route_tables[each.key]
    "podspace.io/name" = each.key
  })
}

resource "aws_route" "pods" {
  for_each = local.routes

  route_table_id            = aws_route_table.pods[each.value.table].id
  destination_cidr_block    = each.value.to
  transit_gateway_id        = startswith(each.value.via, "tgw-") ? each.value.via : null
  nat_gateway_id            = startswith(each.value.via, "nat-") ? each.value.via : null
  vpc_peering_connection_id = startswith(each.value.via, "pcx-") ? each.value.via : null
  gateway_id                = startswith(each.value.via, "vgw-") || startswith(each.value.via, "igw-") ? each.value.via : null
}

resource "aws_network_acl_association" "pods" {
  for_each = var.network_acl_id == null ? {} : aws_subnet.pods

  network_acl_id = var.network_acl_id
  subnet_id      = each.value.id
}

# Explicit, because a subnet without an association follows the VPC's main table.
resource "aws_route_table_association" "pods" {
  for_each = { for key, subnet in var.subnets : key => subnet.route_table if subnet.route_table != null }

  subnet_id      = aws_subnet.pods[each.key].id
  route_table_id = aws_route_table.pods[each.value].id
}

resource "aws_route_table_association" "existing" {
  for_each = { for zone, subnet in var.existing_subnets : zone => subnet if subnet.route_table != null }

  subnet_id      = each.value.id
  route_table_id = aws_route_table.pods[each.value.route_table].id
}

resource "aws_security_group" "pods" {
  for_each = local.own_group

  name        = each.value.name
  description = each.value.description
  vpc_id      = local.vpc_id
  tags = merge(local.tags, {
    Name               = each.value.name
    "podspace.io/name" = each.key
  })
}

resource "aws_vpc_security_group_ingress_rule" "blocks" {
  for_each = merge([for key, group in local.own_group : { for block in group.admit : block => key }]...)

  security_group_id = aws_security_group.pods[each.value].id
  cidr_ipv4         = each.key
  ip_protocol       = "-1"
  description       = "Block ${each.key} of the VPC: nodes, control plane, load balancers, pods"
  tags = merge(local.tags, {
    Name               = "${var.name}/ingress-all-${each.key}"
    "podspace.io/name" = "ingress-all-${each.key}"
  })
}

resource "aws_vpc_security_group_ingress_rule" "pods" {
  for_each = local.own_group

  security_group_id            = aws_security_group.pods[each.key].id
  referenced_security_group_id = aws_security_group.pods[each.key].id
  ip_protocol                  = "-1"
  description                  = "Pods among themselves"
  tags = merge(local.tags, {
    Name               = "${var.name}/ingress-all-${each.key}"
    "podspace.io/name" = "ingress-all-${each.key}"
  })
}

# AWS gives every new group this rule, and Terraform takes it away unless it is written down.
resource "aws_vpc_security_group_egress_rule" "pods" {
  for_each = local.own_group

  security_group_id = aws_security_group.pods[each.key].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
  description       = "Pods to anywhere"
  tags = merge(local.tags, {
    Name               = "${var.name}/egress-all-0.0.0.0/0"
    "podspace.io/name" = "egress-all-0.0.0.0/0"
  })
}

# Pods carry a group of their own, so these have to admit it: without the rules pods reach neither the API server nor DNS on older nodes.
resource "aws_vpc_security_group_ingress_rule" "admitting" {
  for_each = var.admitting_rules

  security_group_id            = each.value.security_group_id
  referenced_security_group_id = local.pod_groups[0]
  ip_protocol                  = each.value.ip_protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  description                  = each.value.description
  tags = merge(local.tags, {
    Name               = "${var.name}/${local.admitting_names[each.key]}"
    "podspace.io/name" = local.admitting_names[each.key]
  })
}

locals {
  pod_group_name = var.security_group == null ? try(var.security_group_ids[0], "") : "pods"
  admitting_names = {
    for key, rule in var.admitting_rules : key => format(
      "ingress-%s-%s",
      rule.ip_protocol == "-1" ? "all" : rule.from_port == rule.to_port ? "${rule.ip_protocol}/${rule.from_port}" : "${rule.ip_protocol}/${rule.from_port}-${rule.to_port}",
      local.pod_group_name
    )
  }
}

# Tells the CNI's subnet discovery whether pods' interfaces may go there.
resource "aws_ec2_tag" "cni" {
  for_each = var.subnet_roles

  resource_id = each.key
  key         = "kubernetes.io/role/cni"
  value       = each.value
}

# ENIConfigs and settings in one document. Node groups need depends_on = [module.NAME], or before_compute = true in terraform-aws-modules/eks:
# a node that starts before this is in place stays NotReady or takes addresses of its own subnet.
resource "aws_eks_addon" "vpc_cni" {
  for_each = { for key, addon in local.addon : key => addon if var.create_addon }

  cluster_name                = each.value.cluster_name == null ? var.cluster_name : each.value.cluster_name
  addon_name                  = "vpc-cni"
  resolve_conflicts_on_create = each.value.resolve_conflicts_on_create
  resolve_conflicts_on_update = each.value.resolve_conflicts_on_update
  configuration_values        = local.addon_documents[each.key]
}

# Without it and its policy instances of Auto Mode start and never join the cluster.
resource "aws_eks_access_entry" "nodes" {
  for_each = var.node_role_arns

  cluster_name  = var.cluster_name
  principal_arn = each.value
  type          = "EC2"
  tags = merge(local.tags, {
    Name               = "${var.name}/nodes"
    "podspace.io/name" = "nodes"
  })
}

resource "aws_eks_access_policy_association" "nodes" {
  for_each = var.node_role_arns

  cluster_name  = var.cluster_name
  principal_arn = aws_eks_access_entry.nodes[each.key].principal_arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy"

  access_scope {
    type = "cluster"
  }
}
