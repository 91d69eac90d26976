# Overlay prod in vpc-09796d57be9cec2d2, cluster prod: the network that podspace apply would make, for Terraform to make.
# Written by: podspace render terraform. AWS provider 5 or later, Terraform 1.5 or later (import blocks).
# Say so in the overlay, so that nobody else writes it: owners: {network: terraform, rules: terraform, cni: terraform}
# The tags podspace.io/… tell podspace which part is which; without them it could only guess.

# From here on it takes up to one hour (older AWS pages: five) until the control plane reaches pods in it: webhooks and aggregated APIs that run as pods move after that.
resource "aws_vpc_ipv4_cidr_block_association" "pods_100_64_0_0_16" {
  vpc_id     = "vpc-09796d57be9cec2d2"
  cidr_block = "100.64.0.0/16"
}

# No kubernetes.io/role/elb, kubernetes.io/role/internal-elb or karpenter.sh/discovery tag: load balancers and nodes stay in routable subnets.
# Room is left in the block for one more zone.
resource "aws_subnet" "pods_eu_west_1b_0" {
  vpc_id            = aws_vpc_ipv4_cidr_block_association.pods_100_64_0_0_16.vpc_id
  cidr_block        = "100.64.0.0/18"
  availability_zone = "eu-west-1b"
  tags = {
    Name                   = "prod/pods-eu-west-1b"
    "podspace.io/cluster"  = "prod"
    "podspace.io/name"     = "pods-eu-west-1b-0"
    "podspace.io/overlay"  = "prod"
    "podspace.io/prefixes" = "true"
  }
}

resource "aws_subnet" "pods_eu_west_1c_0" {
  vpc_id            = aws_vpc_ipv4_cidr_block_association.pods_100_64_0_0_16.vpc_id
  cidr_block        = "100.64.64.0/18"
  availability_zone = "eu-west-1c"
  tags = {
    Name                   = "prod/pods-eu-west-1c"
    "podspace.io/cluster"  = "prod"
    "podspace.io/name"     = "pods-eu-west-1c-0"
    "podspace.io/overlay"  = "prod"
    "podspace.io/prefixes" = "true"
  }
}

# Three quarters of each subnet are kept for /28 prefixes: single addresses would splinter them, and a node without a whole /28 starts no pods.
resource "aws_ec2_subnet_cidr_reservation" "pods_eu_west_1b_0_100_64_16_0_20" {
  subnet_id        = aws_subnet.pods_eu_west_1b_0.id
  cidr_block       = "100.64.16.0/20"
  reservation_type = "prefix"
}

resource "aws_ec2_subnet_cidr_reservation" "pods_eu_west_1b_0_100_64_32_0_19" {
  subnet_id        = aws_subnet.pods_eu_west_1b_0.id
  cidr_block       = "100.64.32.0/19"
  reservation_type = "prefix"
}

resource "aws_ec2_subnet_cidr_reservation" "pods_eu_west_1c_0_100_64_80_0_20" {
  subnet_id        = aws_subnet.pods_eu_west_1c_0.id
  cidr_block       = "100.64.80.0/20"
  reservation_type = "prefix"
}

resource "aws_ec2_subnet_cidr_reservation" "pods_eu_west_1c_0_100_64_96_0_19" {
  subnet_id        = aws_subnet.pods_eu_west_1c_0.id
  cidr_block       = "100.64.96.0/19"
  reservation_type = "prefix"
}

# The VPC's local routes come by themselves. Pods need no others while nodes translate their addresses (routing.source: node).
resource "aws_route_table" "pods" {
  vpc_id = aws_vpc_ipv4_cidr_block_association.pods_100_64_0_0_16.vpc_id
  tags = {
    Name                  = "prod/pods"
    "podspace.io/cluster" = "prod"
    "podspace.io/name"    = "pods"
    "podspace.io/overlay" = "prod"
  }
}

# Explicit, because a subnet without an association follows the VPC's main table.
resource "aws_route_table_association" "pods_eu_west_1b_0" {
  subnet_id      = aws_subnet.pods_eu_west_1b_0.id
  route_table_id = aws_route_table.pods.id
}

resource "aws_route_table_association" "pods_eu_west_1c_0" {
  subnet_id      = aws_subnet.pods_eu_west_1c_0.id
  route_table_id = aws_route_table.pods.id
}

# These need the provider hashicorp/kubernetes, and a cluster that answers when Terraform plans. The same as manifests: podspace render kubernetes
resource "kubernetes_manifest" "eniconfig_eu_west_1b" {
  manifest = {
    apiVersion = "crd.k8s.amazonaws.com/v1alpha1"
    kind       = "ENIConfig"
    metadata = {
      name = "eu-west-1b"
      labels = {
        "podspace.io/overlay" = "prod"
      }
    }
    spec = {
      subnet         = aws_subnet.pods_eu_west_1b_0.id
      securityGroups = ["sg-08573594d51163fc9"]
    }
  }
}

resource "kubernetes_manifest" "eniconfig_eu_west_1c" {
  manifest = {
    apiVersion = "crd.k8s.amazonaws.com/v1alpha1"
    kind       = "ENIConfig"
    metadata = {
      name = "eu-west-1c"
      labels = {
        "podspace.io/overlay" = "prod"
      }
    }
    spec = {
      subnet         = aws_subnet.pods_eu_west_1c_0.id
      securityGroups = ["sg-08573594d51163fc9"]
    }
  }
}

# force: whoever applied the DaemonSet once holds some of these settings.
resource "kubernetes_env" "aws_node" {
  api_version = "apps/v1"
  kind        = "DaemonSet"
  container   = "aws-node"
  force       = true

  metadata {
    name      = "aws-node"
    namespace = "kube-system"
  }

  env {
    name  = "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"
    value = "true"
  }

  env {
    name  = "AWS_VPC_K8S_CNI_EXTERNALSNAT"
    value = "false"
  }

  env {
    name  = "ENABLE_PREFIX_DELEGATION"
    value = "true"
  }

  env {
    name  = "ENI_CONFIG_LABEL_DEF"
    value = "topology.kubernetes.io/zone"
  }

  env {
    name  = "WARM_PREFIX_TARGET"
    value = "1"
  }
}

# How many pods a node may take: its first interface stays the node's own, so its type's default does not hold, and pods without an address hang in ContainerCreating.
# For the user data of launch templates that name an AMI and of self-managed groups (AL2023), as a part of content type application/node.eks.aws.
# Here m5.large: 110. Where only a number is taken: Bottlerocket, settings.kubernetes: max-pods = 110;
# Amazon Linux 2, bootstrap.sh: --use-max-pods false --kubelet-extra-args '--max-pods=110'.
# Managed node groups without an AMI of their own do not need it: EKS tells their nodes a number of its own, which beats this one.
# Karpenter: settings.reservedENIs = "1". All of it: podspace capacity --max-pods
locals {
  pod_network_node_config = jsonencode({
    apiVersion = "node.eks.aws/v1alpha1"
    kind       = "NodeConfig"
    spec = {
      kubelet = {
        maxPodsExpression = "(((default_enis - 1) * (ips_per_eni - 1) * 16) + 2) < 110 ? (((default_enis - 1) * (ips_per_eni - 1) * 16) + 2) : 110"
      }
    }
  })
}
