# Not a file to apply: put these arguments into your own module "vpc" and module "eks", and correct these two names where yours differ.
# Beside it goes pod-network.tf, with what the modules have no inputs for.
# Add-on vpc-cni is there already. If module.eks made it without before_compute, move it before the first apply, or it is destroyed and created anew:
#   terraform state mv 'module.eks.aws_eks_addon.this["vpc-cni"]' 'module.eks.aws_eks_addon.before_compute["vpc-cni"]'
# If Terraform does not have it at all:
#   terraform import 'module.eks.aws_eks_addon.before_compute["vpc-cni"]' prod:vpc-cni

module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 6.0"
  # Behind those that you have, in your order: the module counts them by place, and one that moves is destroyed and created anew.
  secondary_cidr_blocks = ["100.64.0.0/16"]
}

module "eks" {
  source  = "terraform-aws-modules/eks/aws"
  version = "~> 21.0"
  # Beside the add-ons that you have. ENIConfigs and settings are one document, which EKS takes as a whole; no Kubernetes provider and no second apply.
  addons = {
    "vpc-cni" = {
      # Before the node groups: a node that starts without it stays NotReady or takes addresses of its own subnet.
      before_compute = true
      # As it is now: left out, the module may update the add-on along with this.
      addon_version               = "v1.23.1-eksbuild.1"
      resolve_conflicts_on_update = "NONE"
      configuration_values = jsonencode({
        env = {
          WARM_ENI_TARGET                    = "1"
          AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG = "false"
          ENABLE_PREFIX_DELEGATION           = "true"
          WARM_PREFIX_TARGET                 = "1"
        }
      })
    }
  }
}
