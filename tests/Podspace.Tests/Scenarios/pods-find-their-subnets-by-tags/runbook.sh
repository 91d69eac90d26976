# Step 1. Add the block to the VPC
aws ec2 create-tags --resources vpc-09796d57be9cec2d2 --tags "Key=podspace.io/block.100.64.0.0_16,Value=prod@$(date -u +%Y-%m-%dT%H:%M:%SZ)"
aws ec2 associate-vpc-cidr-block --vpc-id vpc-09796d57be9cec2d2 --cidr-block 100.64.0.0/16
until [ "$(aws ec2 describe-vpcs --vpc-ids vpc-09796d57be9cec2d2 --query "Vpcs[0].CidrBlockAssociationSet[?CidrBlock=='100.64.0.0/16' && CidrBlockState.State=='associated'] | [0].CidrBlockState.State" --output text)" = associated ]; do sleep 2; done

# Step 2. Make a pod subnet in each zone
POD_SUBNET_EU_WEST_1B_0=$(aws ec2 create-subnet \
    --vpc-id vpc-09796d57be9cec2d2 \
    --availability-zone eu-west-1b \
    --cidr-block 100.64.0.0/18 \
    --tag-specifications '[{"ResourceType":"subnet","Tags":[{"Key":"Name","Value":"prod/pods-eu-west-1b"},{"Key":"podspace.io/cluster","Value":"prod"},{"Key":"podspace.io/name","Value":"pods-eu-west-1b-0"},{"Key":"podspace.io/overlay","Value":"prod"},{"Key":"podspace.io/prefixes","Value":"true"}]}]' \
    --query Subnet.SubnetId \
    --output text)
aws ec2 wait subnet-available --subnet-ids "$POD_SUBNET_EU_WEST_1B_0"
aws ec2 create-subnet-cidr-reservation \
    --subnet-id "$POD_SUBNET_EU_WEST_1B_0" \
    --cidr 100.64.16.0/20 \
    --reservation-type prefix \
    --tag-specifications '[{"ResourceType":"subnet-cidr-reservation","Tags":[{"Key":"Name","Value":"prod/pods"},{"Key":"podspace.io/cluster","Value":"prod"},{"Key":"podspace.io/name","Value":"pods-eu-west-1b-0"},{"Key":"podspace.io/overlay","Value":"prod"}]}]'
aws ec2 create-subnet-cidr-reservation \
    --subnet-id "$POD_SUBNET_EU_WEST_1B_0" \
    --cidr 100.64.32.0/19 \
    --reservation-type prefix \
    --tag-specifications '[{"ResourceType":"subnet-cidr-reservation","Tags":[{"Key":"Name","Value":"prod/pods"},{"Key":"podspace.io/cluster","Value":"prod"},{"Key":"podspace.io/name","Value":"pods-eu-west-1b-0"},{"Key":"podspace.io/overlay","Value":"prod"}]}]'
POD_SUBNET_EU_WEST_1C_0=$(aws ec2 create-subnet \
    --vpc-id vpc-09796d57be9cec2d2 \
    --availability-zone eu-west-1c \
    --cidr-block 100.64.64.0/18 \
    --tag-specifications '[{"ResourceType":"subnet","Tags":[{"Key":"Name","Value":"prod/pods-eu-west-1c"},{"Key":"podspace.io/cluster","Value":"prod"},{"Key":"podspace.io/name","Value":"pods-eu-west-1c-0"},{"Key":"podspace.io/overlay","Value":"prod"},{"Key":"podspace.io/prefixes","Value":"true"}]}]' \
    --query Subnet.SubnetId \
    --output text)
aws ec2 wait subnet-available --subnet-ids "$POD_SUBNET_EU_WEST_1C_0"
aws ec2 create-subnet-cidr-reservation \
    --subnet-id "$POD_SUBNET_EU_WEST_1C_0" \
    --cidr 100.64.80.0/20 \
    --reservation-type prefix \
    --tag-specifications '[{"ResourceType":"subnet-cidr-reservation","Tags":[{"Key":"Name","Value":"prod/pods"},{"Key":"podspace.io/cluster","Value":"prod"},{"Key":"podspace.io/name","Value":"pods-eu-west-1c-0"},{"Key":"podspace.io/overlay","Value":"prod"}]}]'
aws ec2 create-subnet-cidr-reservation \
    --subnet-id "$POD_SUBNET_EU_WEST_1C_0" \
    --cidr 100.64.96.0/19 \
    --reservation-type prefix \
    --tag-specifications '[{"ResourceType":"subnet-cidr-reservation","Tags":[{"Key":"Name","Value":"prod/pods"},{"Key":"podspace.io/cluster","Value":"prod"},{"Key":"podspace.io/name","Value":"pods-eu-west-1c-0"},{"Key":"podspace.io/overlay","Value":"prod"}]}]'

# Step 3. Route the pod subnets
POD_TABLE=$(aws ec2 create-route-table \
    --vpc-id vpc-09796d57be9cec2d2 \
    --tag-specifications '[{"ResourceType":"route-table","Tags":[{"Key":"Name","Value":"prod/pods"},{"Key":"podspace.io/cluster","Value":"prod"},{"Key":"podspace.io/name","Value":"pods"},{"Key":"podspace.io/overlay","Value":"prod"}]}]' \
    --query RouteTable.RouteTableId \
    --output text)
aws ec2 associate-route-table --route-table-id "$POD_TABLE" --subnet-id "$POD_SUBNET_EU_WEST_1B_0"
aws ec2 associate-route-table --route-table-id "$POD_TABLE" --subnet-id "$POD_SUBNET_EU_WEST_1C_0"

# Step 4. Throw the switch
OLD=$(kubectl get nodes -l 'eks.amazonaws.com/compute-type notin (auto,fargate,hybrid),kubernetes.io/os!=windows' -o jsonpath='{.items[*].metadata.name}')
kubectl cordon $OLD
# What stands there now, for podspace destroy.
kubectl -n kube-system create configmap podspace-prod \
    '--from-literal=addon-values={"env":{"WARM_ENI_TARGET":"1"}}' \
    '--from-literal=subnet-roles={"subnet-0c1c2f0f8f6f1e5b1":{"written":["0"]},"subnet-0d3e1a7b94c2f6a02":{"written":["0"]}}' \
    '--from-literal=written-values={"env":{"ENABLE_PREFIX_DELEGATION":"true","WARM_PREFIX_TARGET":"1"}}'
kubectl -n kube-system label configmap podspace-prod podspace.io/overlay=prod
aws ec2 create-tags --resources "$POD_SUBNET_EU_WEST_1B_0" --tags Key=kubernetes.io/role/cni,Value=1
aws ec2 create-tags --resources "$POD_SUBNET_EU_WEST_1C_0" --tags Key=kubernetes.io/role/cni,Value=1
aws ec2 create-tags --resources subnet-0c1c2f0f8f6f1e5b1 --tags Key=kubernetes.io/role/cni,Value=0
aws ec2 create-tags --resources subnet-0d3e1a7b94c2f6a02 --tags Key=kubernetes.io/role/cni,Value=0
cat > vpc-cni.json <<EOF
{
  "env": {
    "WARM_ENI_TARGET": "1",
    "ENABLE_PREFIX_DELEGATION": "true",
    "WARM_PREFIX_TARGET": "1"
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
    "WARM_ENI_TARGET": "1"
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
aws ec2 delete-tags --resources subnet-0d3e1a7b94c2f6a02 --tags Key=kubernetes.io/role/cni
aws ec2 delete-tags --resources subnet-0c1c2f0f8f6f1e5b1 --tags Key=kubernetes.io/role/cni
aws ec2 delete-tags --resources "$POD_SUBNET_EU_WEST_1C_0" --tags Key=kubernetes.io/role/cni
aws ec2 delete-tags --resources "$POD_SUBNET_EU_WEST_1B_0" --tags Key=kubernetes.io/role/cni
for node in ${OLD:-}; do
    if kubectl get node "$node" >/dev/null 2>&1; then kubectl uncordon "$node"; fi
done
kubectl -n kube-system delete configmap podspace-prod

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
aws ec2 disassociate-route-table --association-id "$(aws ec2 describe-route-tables --filters Name=association.subnet-id,Values="$POD_SUBNET_EU_WEST_1C_0" --query "RouteTables[0].Associations[?SubnetId=='$POD_SUBNET_EU_WEST_1C_0'] | [0].RouteTableAssociationId" --output text)"
aws ec2 disassociate-route-table --association-id "$(aws ec2 describe-route-tables --filters Name=association.subnet-id,Values="$POD_SUBNET_EU_WEST_1B_0" --query "RouteTables[0].Associations[?SubnetId=='$POD_SUBNET_EU_WEST_1B_0'] | [0].RouteTableAssociationId" --output text)"
aws ec2 delete-route-table --route-table-id "$POD_TABLE"

# Back: step 2
aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id "$(aws ec2 get-subnet-cidr-reservations --subnet-id "$POD_SUBNET_EU_WEST_1C_0" --query "SubnetIpv4CidrReservations[?Cidr=='100.64.96.0/19'] | [0].SubnetCidrReservationId" --output text)"
aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id "$(aws ec2 get-subnet-cidr-reservations --subnet-id "$POD_SUBNET_EU_WEST_1C_0" --query "SubnetIpv4CidrReservations[?Cidr=='100.64.80.0/20'] | [0].SubnetCidrReservationId" --output text)"
aws ec2 delete-subnet --subnet-id "$POD_SUBNET_EU_WEST_1C_0"
aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id "$(aws ec2 get-subnet-cidr-reservations --subnet-id "$POD_SUBNET_EU_WEST_1B_0" --query "SubnetIpv4CidrReservations[?Cidr=='100.64.32.0/19'] | [0].SubnetCidrReservationId" --output text)"
aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id "$(aws ec2 get-subnet-cidr-reservations --subnet-id "$POD_SUBNET_EU_WEST_1B_0" --query "SubnetIpv4CidrReservations[?Cidr=='100.64.16.0/20'] | [0].SubnetCidrReservationId" --output text)"
aws ec2 delete-subnet --subnet-id "$POD_SUBNET_EU_WEST_1B_0"

# Back: step 1
aws ec2 disassociate-vpc-cidr-block --association-id "$(aws ec2 describe-vpcs --vpc-ids vpc-09796d57be9cec2d2 --query "Vpcs[0].CidrBlockAssociationSet[?CidrBlock=='100.64.0.0/16' && CidrBlockState.State=='associated'] | [0].AssociationId" --output text)"
aws ec2 delete-tags --resources vpc-09796d57be9cec2d2 --tags Key=podspace.io/block.100.64.0.0_16
