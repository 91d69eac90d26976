# Overlay prod in vpc-09796d57be9cec2d2, cluster prod: the network that podspace apply would make, for Terraform to make.
# Written by: podspace render terraform. AWS provider 5.33 or later, Terraform 1.5 or later (import blocks).
# Say so in the overlay, so that nobody else writes it: owners: {network: terraform, rules: terraform, cni: terraform}
# The tags podspace.io/… tell podspace which part is which; without them it could only guess.

module "pods" {
  source       = "../.."
  name         = "prod"
  region       = "eu-west-1"
  vpc_id       = "vpc-09796d57be9cec2d2"
  cluster_name = "prod"
  blocks       = ["100.64.0.0/16"]
  subnets = {
    "eu-west-1b" = {
      cidr_block = "100.64.0.0/18"
      reserved   = ["100.64.16.0/20", "100.64.32.0/19"]
    }
    "eu-west-1c" = {
      cidr_block = "100.64.64.0/18"
      reserved   = ["100.64.80.0/20", "100.64.96.0/19"]
    }
  }
  security_group = {
    name        = "prod-pods"
    description = "Pods of overlay prod"
    admit       = ["10.196.24.0/24", "100.64.0.0/16"]
  }
  admitting_rules = {
    "sg-08573594d51163fc9_all" = {
      security_group_id = "sg-08573594d51163fc9"
      description       = "Pods to nodes and to pods on older nodes"
    }
  }
  addon = {
    values = jsonencode({
      env = {
        WARM_ENI_TARGET = "1"
      }
    })
    env = {
      AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG = "true"
      ENABLE_PREFIX_DELEGATION           = "true"
      ENI_CONFIG_LABEL_DEF               = "topology.kubernetes.io/zone"
      WARM_PREFIX_TARGET                 = "1"
    }
    resolve_conflicts_on_update = "NONE"
  }
  # Output node_config. How many pods a node may take: its first interface stays the node's own, so its type's default does not hold, and pods without an address hang in ContainerCreating.
  # For the user data of launch templates that name an AMI and of self-managed groups (AL2023), as a part of content type application/node.eks.aws.
  # Here m5.large: 110. Where only a number is taken: Bottlerocket, settings.kubernetes: max-pods = 110;
  # Amazon Linux 2, bootstrap.sh: --use-max-pods false --kubelet-extra-args '--max-pods=110'.
  # Managed node groups without an AMI of their own do not need it: EKS tells their nodes a number of its own, which beats this one.
  # Karpenter: settings.reservedENIs = "1". All of it: podspace capacity --max-pods
  max_pods_expression = "(((default_enis - 1) * (ips_per_eni - 1) * 16) + 2) < 110 ? (((default_enis - 1) * (ips_per_eni - 1) * 16) + 2) : 110"
}

# Made already: Terraform takes it over. Take these blocks out once it has.
import {
  to = module.pods.aws_eks_addon.vpc_cni["vpc_cni"]
  id = "prod:vpc-cni"
}
