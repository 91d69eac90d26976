# Made already: Terraform takes it over. Take these blocks out once it has.
import {
  to = aws_eks_addon.vpc_cni
  id = "prod:vpc-cni"
}
