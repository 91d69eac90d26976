# Step 1. Delete what is no longer wanted
aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id scr-0be0d54e4ee460794
aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id scr-0633776cabeafa958
aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id scr-0527aa84dd95aec3a
aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id scr-0eb34c06ff6c0cb46

# Step 2. Throw the switch
OLD=$(kubectl get nodes -l 'eks.amazonaws.com/compute-type notin (auto,fargate,hybrid),kubernetes.io/os!=windows' -o jsonpath='{.items[*].metadata.name}')
kubectl cordon $OLD
# What stands there now, for podspace destroy.
kubectl -n kube-system patch configmap podspace-prod \
    --type merge \
    -p '{"data":{"addon-values":"{\"env\":{\"WARM_ENI_TARGET\":\"1\"}}","made":"{\"rtb-06c0effceedb36c40\":\"pods\",\"subnet-00da9b2e5e1ddaff1\":\"pods-eu-west-1b-0\",\"subnet-0cb49f915f52727fc\":\"pods-eu-west-1c-0\"}","written-values":"{\"eniConfig\":{\"create\":true,\"region\":\"eu-west-1\",\"subnets\":{\"eu-west-1b\":{\"id\":\"subnet-00da9b2e5e1ddaff1\",\"securityGroups\":[\"sg-08573594d51163fc9\"]},\"eu-west-1c\":{\"id\":\"subnet-0cb49f915f52727fc\",\"securityGroups\":[\"sg-08573594d51163fc9\"]}}},\"env\":{\"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG\":\"true\",\"ENABLE_PREFIX_DELEGATION\":\"false\",\"ENI_CONFIG_LABEL_DEF\":\"topology.kubernetes.io/zone\",\"WARM_PREFIX_TARGET\":\"1\"}}"}}'
cat > vpc-cni.json <<EOF
{
  "env": {
    "WARM_ENI_TARGET": "1",
    "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true",
    "ENABLE_PREFIX_DELEGATION": "false",
    "ENI_CONFIG_LABEL_DEF": "topology.kubernetes.io/zone"
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

# Step 3. Replace the nodes
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

# Back: step 2
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
for node in ${OLD:-}; do
    if kubectl get node "$node" >/dev/null 2>&1; then kubectl uncordon "$node"; fi
done
kubectl -n kube-system patch configmap podspace-prod \
    --type merge \
    -p '{"data":{"addon-values":"{\"env\":{\"WARM_ENI_TARGET\":\"1\"}}","aws-node-before":null,"aws-node-written":null,"made":"{\"rtb-06c0effceedb36c40\":\"pods\",\"subnet-00da9b2e5e1ddaff1\":\"pods-eu-west-1b-0\",\"subnet-0cb49f915f52727fc\":\"pods-eu-west-1c-0\"}","refused-values":null,"subnet-roles":null,"written-values":"{\"eniConfig\":{\"create\":true,\"region\":\"eu-west-1\",\"subnets\":{\"eu-west-1b\":{\"id\":\"subnet-00da9b2e5e1ddaff1\",\"securityGroups\":[\"sg-08573594d51163fc9\"]},\"eu-west-1c\":{\"id\":\"subnet-0cb49f915f52727fc\",\"securityGroups\":[\"sg-08573594d51163fc9\"]}}},\"env\":{\"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG\":\"true\",\"ENABLE_PREFIX_DELEGATION\":\"true\",\"ENI_CONFIG_LABEL_DEF\":\"topology.kubernetes.io/zone\",\"WARM_PREFIX_TARGET\":\"1\"}}"}}'

# Back: step 3
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
