# Overlay prod in vpc-09796d57be9cec2d2, cluster prod: the network that podspace apply would make, for Terraform to make.
# Written by: podspace render terraform. AWS provider 5 or later, Terraform 1.5 or later (import blocks).
# Say so in the overlay, so that nobody else writes it: owners: {network: terraform, rules: terraform, cni: terraform}
# The tags podspace.io/… tell podspace which part is which; without them it could only guess.

# From here on it takes up to five hours until the control plane reaches pods in it: webhooks and aggregated APIs that run as pods move after that.
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

# ENIConfigs and settings in one document, which EKS takes as a whole: what is left out falls back to its default.
# No Kubernetes provider and no second apply. Node groups need depends_on = [aws_eks_addon.vpc_cni], or before_compute = true in
# terraform-aws-modules/eks: a node that starts before this is in place stays NotReady or takes addresses of its own subnet.
# Nodes that run now keep their addresses and take further ones from the pod subnets: replace them right after this is applied.
resource "aws_eks_addon" "vpc_cni" {
  cluster_name                = "prod"
  addon_name                  = "vpc-cni"
  resolve_conflicts_on_update = "NONE"
  configuration_values = jsonencode({
    env = {
      WARM_ENI_TARGET                    = "1"
      AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG = "true"
      ENABLE_PREFIX_DELEGATION           = "true"
      ENI_CONFIG_LABEL_DEF               = "topology.kubernetes.io/zone"
      WARM_PREFIX_TARGET                 = "1"
    }
    eniConfig = {
      create = true
      region = "eu-west-1"
      subnets = {
        "eu-west-1b" = {
          id             = aws_subnet.pods_eu_west_1b_0.id
          securityGroups = ["sg-08573594d51163fc9"]
        }
        "eu-west-1c" = {
          id             = aws_subnet.pods_eu_west_1c_0.id
          securityGroups = ["sg-08573594d51163fc9"]
        }
      }
    }
  })
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
