# Step 1. Add the block to the VPC
aws ec2 create-tags --resources vpc-09796d57be9cec2d2 --tags "Key=podspace.io/block.100.80.0.0_16,Value=prod@$(date -u +%Y-%m-%dT%H:%M:%SZ)"
aws ec2 associate-vpc-cidr-block --vpc-id vpc-09796d57be9cec2d2 --cidr-block 100.80.0.0/16
until [ "$(aws ec2 describe-vpcs --vpc-ids vpc-09796d57be9cec2d2 --query "Vpcs[0].CidrBlockAssociationSet[?CidrBlock=='100.80.0.0/16' && CidrBlockState.State=='associated'] | [0].CidrBlockState.State" --output text)" = associated ]; do sleep 2; done

# Step 2. Make a pod subnet in each zone
POD_SUBNET_EU_WEST_1B_16=$(aws ec2 create-subnet \
    --vpc-id vpc-09796d57be9cec2d2 \
    --availability-zone eu-west-1b \
    --cidr-block 100.80.0.0/18 \
    --tag-specifications '[{"ResourceType":"subnet","Tags":[{"Key":"Name","Value":"prod/pods-eu-west-1b"},{"Key":"podspace.io/cluster","Value":"prod"},{"Key":"podspace.io/name","Value":"pods-eu-west-1b-16"},{"Key":"podspace.io/overlay","Value":"prod"},{"Key":"podspace.io/prefixes","Value":"true"}]}]' \
    --query Subnet.SubnetId \
    --output text)
aws ec2 wait subnet-available --subnet-ids "$POD_SUBNET_EU_WEST_1B_16"
aws ec2 create-subnet-cidr-reservation \
    --subnet-id "$POD_SUBNET_EU_WEST_1B_16" \
    --cidr 100.80.16.0/20 \
    --reservation-type prefix \
    --tag-specifications '[{"ResourceType":"subnet-cidr-reservation","Tags":[{"Key":"Name","Value":"prod/pods"},{"Key":"podspace.io/cluster","Value":"prod"},{"Key":"podspace.io/name","Value":"pods-eu-west-1b-16"},{"Key":"podspace.io/overlay","Value":"prod"}]}]'
aws ec2 create-subnet-cidr-reservation \
    --subnet-id "$POD_SUBNET_EU_WEST_1B_16" \
    --cidr 100.80.32.0/19 \
    --reservation-type prefix \
    --tag-specifications '[{"ResourceType":"subnet-cidr-reservation","Tags":[{"Key":"Name","Value":"prod/pods"},{"Key":"podspace.io/cluster","Value":"prod"},{"Key":"podspace.io/name","Value":"pods-eu-west-1b-16"},{"Key":"podspace.io/overlay","Value":"prod"}]}]'
POD_SUBNET_EU_WEST_1C_16=$(aws ec2 create-subnet \
    --vpc-id vpc-09796d57be9cec2d2 \
    --availability-zone eu-west-1c \
    --cidr-block 100.80.64.0/18 \
    --tag-specifications '[{"ResourceType":"subnet","Tags":[{"Key":"Name","Value":"prod/pods-eu-west-1c"},{"Key":"podspace.io/cluster","Value":"prod"},{"Key":"podspace.io/name","Value":"pods-eu-west-1c-16"},{"Key":"podspace.io/overlay","Value":"prod"},{"Key":"podspace.io/prefixes","Value":"true"}]}]' \
    --query Subnet.SubnetId \
    --output text)
aws ec2 wait subnet-available --subnet-ids "$POD_SUBNET_EU_WEST_1C_16"
aws ec2 create-subnet-cidr-reservation \
    --subnet-id "$POD_SUBNET_EU_WEST_1C_16" \
    --cidr 100.80.80.0/20 \
    --reservation-type prefix \
    --tag-specifications '[{"ResourceType":"subnet-cidr-reservation","Tags":[{"Key":"Name","Value":"prod/pods"},{"Key":"podspace.io/cluster","Value":"prod"},{"Key":"podspace.io/name","Value":"pods-eu-west-1c-16"},{"Key":"podspace.io/overlay","Value":"prod"}]}]'
aws ec2 create-subnet-cidr-reservation \
    --subnet-id "$POD_SUBNET_EU_WEST_1C_16" \
    --cidr 100.80.96.0/19 \
    --reservation-type prefix \
    --tag-specifications '[{"ResourceType":"subnet-cidr-reservation","Tags":[{"Key":"Name","Value":"prod/pods"},{"Key":"podspace.io/cluster","Value":"prod"},{"Key":"podspace.io/name","Value":"pods-eu-west-1c-16"},{"Key":"podspace.io/overlay","Value":"prod"}]}]'

# Step 3. Route the pod subnets
aws ec2 associate-route-table --route-table-id rtb-06c0effceedb36c40 --subnet-id "$POD_SUBNET_EU_WEST_1B_16"
aws ec2 associate-route-table --route-table-id rtb-06c0effceedb36c40 --subnet-id "$POD_SUBNET_EU_WEST_1C_16"

# Step 4. Tell the CNI where pods live
# What stands there now, for podspace destroy.
kubectl -n kube-system patch configmap podspace-prod \
    --type merge \
    -p '{"data":{"addon-values":"{\"env\":{\"WARM_ENI_TARGET\":\"1\"}}","made":"{\"rtb-06c0effceedb36c40\":\"pods\",\"subnet-00da9b2e5e1ddaff1\":\"pods-eu-west-1b-0\",\"subnet-0cb49f915f52727fc\":\"pods-eu-west-1c-0\"}","written-values":"{\"eniConfig\":{\"create\":true,\"region\":\"eu-west-1\",\"subnets\":{\"eu-west-1b\":{\"id\":\"'"$POD_SUBNET_EU_WEST_1B_16"'\",\"securityGroups\":[\"sg-08573594d51163fc9\"]},\"eu-west-1c\":{\"id\":\"'"$POD_SUBNET_EU_WEST_1C_16"'\",\"securityGroups\":[\"sg-08573594d51163fc9\"]}}},\"env\":{\"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG\":\"true\",\"ENABLE_PREFIX_DELEGATION\":\"true\",\"ENI_CONFIG_LABEL_DEF\":\"topology.kubernetes.io/zone\",\"WARM_PREFIX_TARGET\":\"1\"}}"}}'
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
        "id": "${POD_SUBNET_EU_WEST_1B_16}",
        "securityGroups": [
          "sg-08573594d51163fc9"
        ]
      },
      "eu-west-1c": {
        "id": "${POD_SUBNET_EU_WEST_1C_16}",
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

# Step 5. Replace the nodes
OLD=${OLD:-$(kubectl get nodes -l 'eks.amazonaws.com/compute-type notin (auto,fargate,hybrid),kubernetes.io/os!=windows' -o jsonpath='{.items[*].metadata.name}')}
READY=$(kubectl get nodes -l 'eks.amazonaws.com/compute-type notin (auto,fargate,hybrid),kubernetes.io/os!=windows' --no-headers | grep -cw Ready)
WAITING=$(kubectl get pods -A --field-selector=status.phase=Pending -o name)
kubectl cordon $OLD
# Of those that are left, the one with the fewest pods.
next() {
    pods=$(kubectl get pods -A -o jsonpath='{range .items[*]}{.spec.nodeName}{"\n"}{end}')
    for node in $(kubectl get nodes -l "$1" --field-selector=spec.unschedulable=true -o jsonpath='{.items[*].metadata.name}'); do
        echo "$(printf '%s\n' "$pods" | grep -cxF "$node") $node"
    done | sort -n | head -n 1 | cut -d' ' -f2
}
replace() {
    [ -n "$1" ] || return 0
    instance=$(kubectl get node "$1" -o jsonpath='{.spec.providerID}')
    kubectl drain "$1" --ignore-daemonsets --delete-emptydir-data --timeout=15m || return 1
    aws ec2 terminate-instances --instance-ids "${instance##*/}" --query 'TerminatingInstances[].CurrentState.Name' --output text
    kubectl wait --for=delete "node/$1" --timeout=15m
    until [ "$(kubectl get nodes -l 'eks.amazonaws.com/compute-type notin (auto,fargate,hybrid),kubernetes.io/os!=windows' --no-headers | grep -cw Ready)" -ge "$READY" ]; do sleep 2; done
}
# One of each zone first. Look at its pods before you go on.
replace "$(next 'eks.amazonaws.com/compute-type notin (auto,fargate,hybrid),kubernetes.io/os!=windows,topology.kubernetes.io/zone=eu-west-1b')"
replace "$(next 'eks.amazonaws.com/compute-type notin (auto,fargate,hybrid),kubernetes.io/os!=windows,topology.kubernetes.io/zone=eu-west-1c')"
# The others. If drain waits for a budget for long, give the evicted pods room: kubectl uncordon one of the nodes.
while node=$(next 'eks.amazonaws.com/compute-type notin (auto,fargate,hybrid),kubernetes.io/os!=windows') && [ -n "$node" ]; do
    replace "$node"
done

# Back: step 4
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

# Back: step 5
OLD=$(kubectl get nodes -l 'eks.amazonaws.com/compute-type notin (auto,fargate,hybrid),kubernetes.io/os!=windows' -o jsonpath='{.items[*].metadata.name}')
READY=$(kubectl get nodes -l 'eks.amazonaws.com/compute-type notin (auto,fargate,hybrid),kubernetes.io/os!=windows' --no-headers | grep -cw Ready)
WAITING=$(kubectl get pods -A --field-selector=status.phase=Pending -o name)
kubectl cordon $OLD
# Of those that are left, the one with the fewest pods.
next() {
    pods=$(kubectl get pods -A -o jsonpath='{range .items[*]}{.spec.nodeName}{"\n"}{end}')
    for node in $(kubectl get nodes -l "$1" --field-selector=spec.unschedulable=true -o jsonpath='{.items[*].metadata.name}'); do
        echo "$(printf '%s\n' "$pods" | grep -cxF "$node") $node"
    done | sort -n | head -n 1 | cut -d' ' -f2
}
replace() {
    [ -n "$1" ] || return 0
    instance=$(kubectl get node "$1" -o jsonpath='{.spec.providerID}')
    kubectl drain "$1" --ignore-daemonsets --delete-emptydir-data --timeout=15m || return 1
    aws ec2 terminate-instances --instance-ids "${instance##*/}" --query 'TerminatingInstances[].CurrentState.Name' --output text
    kubectl wait --for=delete "node/$1" --timeout=15m
    until [ "$(kubectl get nodes -l 'eks.amazonaws.com/compute-type notin (auto,fargate,hybrid),kubernetes.io/os!=windows' --no-headers | grep -cw Ready)" -ge "$READY" ]; do sleep 2; done
}
# One of each zone first. Look at its pods before you go on.
replace "$(next 'eks.amazonaws.com/compute-type notin (auto,fargate,hybrid),kubernetes.io/os!=windows,topology.kubernetes.io/zone=eu-west-1b')"
replace "$(next 'eks.amazonaws.com/compute-type notin (auto,fargate,hybrid),kubernetes.io/os!=windows,topology.kubernetes.io/zone=eu-west-1c')"
# The others. If drain waits for a budget for long, give the evicted pods room: kubectl uncordon one of the nodes.
while node=$(next 'eks.amazonaws.com/compute-type notin (auto,fargate,hybrid),kubernetes.io/os!=windows') && [ -n "$node" ]; do
    replace "$node"
done

# Back: step 3
aws ec2 disassociate-route-table --association-id "$(aws ec2 describe-route-tables --filters Name=association.subnet-id,Values="$POD_SUBNET_EU_WEST_1C_16" --query "RouteTables[0].Associations[?SubnetId=='$POD_SUBNET_EU_WEST_1C_16'] | [0].RouteTableAssociationId" --output text)"
aws ec2 disassociate-route-table --association-id "$(aws ec2 describe-route-tables --filters Name=association.subnet-id,Values="$POD_SUBNET_EU_WEST_1B_16" --query "RouteTables[0].Associations[?SubnetId=='$POD_SUBNET_EU_WEST_1B_16'] | [0].RouteTableAssociationId" --output text)"

# Back: step 2
aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id "$(aws ec2 get-subnet-cidr-reservations --subnet-id "$POD_SUBNET_EU_WEST_1C_16" --query "SubnetIpv4CidrReservations[?Cidr=='100.80.96.0/19'] | [0].SubnetCidrReservationId" --output text)"
aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id "$(aws ec2 get-subnet-cidr-reservations --subnet-id "$POD_SUBNET_EU_WEST_1C_16" --query "SubnetIpv4CidrReservations[?Cidr=='100.80.80.0/20'] | [0].SubnetCidrReservationId" --output text)"
aws ec2 delete-subnet --subnet-id "$POD_SUBNET_EU_WEST_1C_16"
aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id "$(aws ec2 get-subnet-cidr-reservations --subnet-id "$POD_SUBNET_EU_WEST_1B_16" --query "SubnetIpv4CidrReservations[?Cidr=='100.80.32.0/19'] | [0].SubnetCidrReservationId" --output text)"
aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id "$(aws ec2 get-subnet-cidr-reservations --subnet-id "$POD_SUBNET_EU_WEST_1B_16" --query "SubnetIpv4CidrReservations[?Cidr=='100.80.16.0/20'] | [0].SubnetCidrReservationId" --output text)"
aws ec2 delete-subnet --subnet-id "$POD_SUBNET_EU_WEST_1B_16"

# Back: step 1
aws ec2 disassociate-vpc-cidr-block --association-id "$(aws ec2 describe-vpcs --vpc-ids vpc-09796d57be9cec2d2 --query "Vpcs[0].CidrBlockAssociationSet[?CidrBlock=='100.80.0.0/16' && CidrBlockState.State=='associated'] | [0].AssociationId" --output text)"
aws ec2 delete-tags --resources vpc-09796d57be9cec2d2 --tags Key=podspace.io/block.100.80.0.0_16
