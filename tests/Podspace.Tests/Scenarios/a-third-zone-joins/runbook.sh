# Step 1. Make a pod subnet in each zone
POD_SUBNET_EU_WEST_1A_0=$(aws ec2 create-subnet \
    --vpc-id vpc-09796d57be9cec2d2 \
    --availability-zone eu-west-1a \
    --cidr-block 100.64.128.0/18 \
    --tag-specifications '[{"ResourceType":"subnet","Tags":[{"Key":"Name","Value":"prod/pods-eu-west-1a"},{"Key":"podspace.io/cluster","Value":"prod"},{"Key":"podspace.io/name","Value":"pods-eu-west-1a-0"},{"Key":"podspace.io/overlay","Value":"prod"},{"Key":"podspace.io/prefixes","Value":"true"}]}]' \
    --query Subnet.SubnetId \
    --output text)
aws ec2 wait subnet-available --subnet-ids "$POD_SUBNET_EU_WEST_1A_0"
aws ec2 create-subnet-cidr-reservation \
    --subnet-id "$POD_SUBNET_EU_WEST_1A_0" \
    --cidr 100.64.144.0/20 \
    --reservation-type prefix \
    --tag-specifications '[{"ResourceType":"subnet-cidr-reservation","Tags":[{"Key":"Name","Value":"prod/pods"},{"Key":"podspace.io/cluster","Value":"prod"},{"Key":"podspace.io/name","Value":"pods-eu-west-1a-0"},{"Key":"podspace.io/overlay","Value":"prod"}]}]'
aws ec2 create-subnet-cidr-reservation \
    --subnet-id "$POD_SUBNET_EU_WEST_1A_0" \
    --cidr 100.64.160.0/19 \
    --reservation-type prefix \
    --tag-specifications '[{"ResourceType":"subnet-cidr-reservation","Tags":[{"Key":"Name","Value":"prod/pods"},{"Key":"podspace.io/cluster","Value":"prod"},{"Key":"podspace.io/name","Value":"pods-eu-west-1a-0"},{"Key":"podspace.io/overlay","Value":"prod"}]}]'

# Step 2. Route the pod subnets
aws ec2 associate-route-table --route-table-id rtb-06c0effceedb36c40 --subnet-id "$POD_SUBNET_EU_WEST_1A_0"

# Step 3. Tell the CNI where pods live
# What stands there now, for podspace destroy.
kubectl -n kube-system patch configmap podspace-prod \
    --type merge \
    -p '{"data":{"addon-values":"{\"env\":{\"WARM_ENI_TARGET\":\"1\"}}","made":"{\"rtb-06c0effceedb36c40\":\"pods\",\"subnet-00da9b2e5e1ddaff1\":\"pods-eu-west-1b-0\",\"subnet-0cb49f915f52727fc\":\"pods-eu-west-1c-0\"}","written-values":"{\"eniConfig\":{\"create\":true,\"region\":\"eu-west-1\",\"subnets\":{\"eu-west-1a\":{\"id\":\"'"$POD_SUBNET_EU_WEST_1A_0"'\",\"securityGroups\":[\"sg-08573594d51163fc9\"]},\"eu-west-1b\":{\"id\":\"subnet-00da9b2e5e1ddaff1\",\"securityGroups\":[\"sg-08573594d51163fc9\"]},\"eu-west-1c\":{\"id\":\"subnet-0cb49f915f52727fc\",\"securityGroups\":[\"sg-08573594d51163fc9\"]}}},\"env\":{\"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG\":\"true\",\"ENABLE_PREFIX_DELEGATION\":\"true\",\"ENI_CONFIG_LABEL_DEF\":\"topology.kubernetes.io/zone\",\"WARM_PREFIX_TARGET\":\"1\"}}"}}'
cat > vpc-cni.json <<EOF
{
  "env": {
    "WARM_ENI_TARGET": "1",
    "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true",
    "ENABLE_PREFIX_DELEGATION": "true",
    "ENI_CONFIG_LABEL_DEF": "topology.kubernetes.io/zone",
    "WARM_PREFIX_TARGET": "1"
  },
  "eniConfig": {
    "create": true,
    "region": "eu-west-1",
    "subnets": {
      "eu-west-1a": {
        "id": "${POD_SUBNET_EU_WEST_1A_0}",
        "securityGroups": [
          "sg-08573594d51163fc9"
        ]
      },
      "eu-west-1b": {
        "id": "subnet-00da9b2e5e1ddaff1",
        "securityGroups": [
          "sg-08573594d51163fc9"
        ]
      },
      "eu-west-1c": {
        "id": "subnet-0cb49f915f52727fc",
        "securityGroups": [
          "sg-08573594d51163fc9"
        ]
      }
    }
  }
}
EOF
aws eks update-addon \
    --cluster-name prod \
    --addon-name vpc-cni \
    --configuration-values file://vpc-cni.json \
    --resolve-conflicts NONE
aws eks wait addon-active --cluster-name prod --addon-name vpc-cni
kubectl -n kube-system rollout status daemonset/aws-node --timeout=30m

# Back: step 3
cat > vpc-cni.json <<EOF
{
  "env": {
    "WARM_ENI_TARGET": "1",
    "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true",
    "ENABLE_PREFIX_DELEGATION": "true",
    "ENI_CONFIG_LABEL_DEF": "topology.kubernetes.io/zone",
    "WARM_PREFIX_TARGET": "1"
  },
  "eniConfig": {
    "create": true,
    "region": "eu-west-1",
    "subnets": {
      "eu-west-1b": {
        "id": "subnet-00da9b2e5e1ddaff1",
        "securityGroups": [
          "sg-08573594d51163fc9"
        ]
      },
      "eu-west-1c": {
        "id": "subnet-0cb49f915f52727fc",
        "securityGroups": [
          "sg-08573594d51163fc9"
        ]
      }
    }
  }
}
EOF
aws eks update-addon \
    --cluster-name prod \
    --addon-name vpc-cni \
    --configuration-values file://vpc-cni.json \
    --resolve-conflicts NONE
aws eks wait addon-active --cluster-name prod --addon-name vpc-cni
kubectl -n kube-system rollout status daemonset/aws-node --timeout=30m
kubectl -n kube-system patch configmap podspace-prod \
    --type merge \
    -p '{"data":{"addon-values":"{\"env\":{\"WARM_ENI_TARGET\":\"1\"}}","aws-node-before":null,"aws-node-written":null,"made":"{\"rtb-06c0effceedb36c40\":\"pods\",\"subnet-00da9b2e5e1ddaff1\":\"pods-eu-west-1b-0\",\"subnet-0cb49f915f52727fc\":\"pods-eu-west-1c-0\"}","refused-values":null,"subnet-roles":null,"written-values":"{\"eniConfig\":{\"create\":true,\"region\":\"eu-west-1\",\"subnets\":{\"eu-west-1b\":{\"id\":\"subnet-00da9b2e5e1ddaff1\",\"securityGroups\":[\"sg-08573594d51163fc9\"]},\"eu-west-1c\":{\"id\":\"subnet-0cb49f915f52727fc\",\"securityGroups\":[\"sg-08573594d51163fc9\"]}}},\"env\":{\"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG\":\"true\",\"ENABLE_PREFIX_DELEGATION\":\"true\",\"ENI_CONFIG_LABEL_DEF\":\"topology.kubernetes.io/zone\",\"WARM_PREFIX_TARGET\":\"1\"}}"}}'

# Back: step 2
aws ec2 disassociate-route-table --association-id "$(aws ec2 describe-route-tables --filters Name=association.subnet-id,Values="$POD_SUBNET_EU_WEST_1A_0" --query "RouteTables[0].Associations[?SubnetId=='$POD_SUBNET_EU_WEST_1A_0'] | [0].RouteTableAssociationId" --output text)"

# Back: step 1
aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id "$(aws ec2 get-subnet-cidr-reservations --subnet-id "$POD_SUBNET_EU_WEST_1A_0" --query "SubnetIpv4CidrReservations[?Cidr=='100.64.160.0/19'] | [0].SubnetCidrReservationId" --output text)"
aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id "$(aws ec2 get-subnet-cidr-reservations --subnet-id "$POD_SUBNET_EU_WEST_1A_0" --query "SubnetIpv4CidrReservations[?Cidr=='100.64.144.0/20'] | [0].SubnetCidrReservationId" --output text)"
aws ec2 delete-subnet --subnet-id "$POD_SUBNET_EU_WEST_1A_0"
