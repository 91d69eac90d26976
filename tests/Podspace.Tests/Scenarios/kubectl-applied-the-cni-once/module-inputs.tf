# Not a file to apply: put these arguments into your own module "vpc" and module "eks", and correct these two names where yours differ.
# Beside it goes pod-network.tf, with what the modules have no inputs for.

module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 6.0"
  # Behind those that you have, in your order: the module counts them by place, and one that moves is destroyed and created anew.
  secondary_cidr_blocks = ["100.64.0.0/16"]
}
