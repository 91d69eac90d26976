#!/bin/bash
# Made this folder, with the program of commit e0a64c4 (version 0.1.0). Nothing here is made again when Podspace changes.
#   PODSPACE=…/podspace AWS=…/aws KUBECTL=…/kubectl ./make.sh
# starts/ and specs/ are written by hand: small worlds, and specs in which each key stands once in each of its forms.
set -u
cd "$(dirname "$0")" || exit 1
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

begin() { # spec, world: the files that commands find
    cp "$here/specs/$1.yaml" overlay.yaml
    if [ "$2" = starts/discovery.yaml ]; then
        # A VPC CNI that can be kept out of the nodes' subnets.
        sed 's/v1[.]20[.]4/v1.23.1/' "$here/starts/crowded-vpc.yaml" >world.yaml
    else
        cp "$here/$2" world.yaml
    fi
}

run() { # command…: in 0.1.0, on world.yaml
    "$PODSPACE" "$@" -f overlay.yaml --twin world.yaml >out 2>&1 || echo "exit $? of $*: $(tail -n 1 out | cut -c 1-160)"
}

keep() { # file from, file to
    mkdir -p "$(dirname "$here/$2")" && cp "$1" "$here/$2"
}

cut_off() { # signal, what must have happened, what must not, command…: kills the program between the two
    local signal=$1 has=$2 not=$3 pid try text
    shift 3
    local before
    cp world.yaml before.yaml
    before=$(grep -c 'call: ' world.yaml)
    for try in $(seq 200); do
        cp before.yaml world.yaml
        "$PODSPACE" "$@" -f overlay.yaml --twin world.yaml >out 2>&1 &
        pid=$!
        while kill -0 "$pid" 2>/dev/null; do
            [[ $(calls "$before") =~ $has ]] && break
        done
        kill "-$signal" "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
        text=$(calls "$before")
        [[ $text =~ $has ]] && ! [[ $text =~ $not ]] && return 0
    done
    echo "never between '$has' and '$not': $*"
    return 1
}

calls() { # how many there were: those that came after
    grep 'call: ' world.yaml | tail -n "+$(($1 + 1))"
}

# What init writes.
for world in auto-mode crowded-vpc self-managed terraform-eks; do
    cp "$here/starts/$world.yaml" world.yaml
    "$PODSPACE" init --twin world.yaml -o init.yaml >/dev/null 2>&1 && keep init.yaml "specs/init-$world.yaml"
    rm -f init.yaml
done
cp "$here/starts/new-cluster.yaml" world.yaml
"$PODSPACE" init --twin world.yaml -o init.yaml --vpc vpc-0b5e2f7a91c3d4860 --zones eu-west-1a eu-west-1b eu-west-1c >/dev/null 2>&1
keep init.yaml specs/init-new-cluster.yaml

# What each spec meant: its plan, in the world that goes with it.
world_of() {
    case $1 in
        keys-network-3) echo with-subnet ;; keys-network-*) echo new-cluster ;; keys-cluster-* | refused-*) echo crowded-vpc ;;
        keys-auto-mode) echo auto-mode ;; init-*) echo "${1#init-}" ;; *) echo "$1" ;;
    esac
}
for file in "$here"/specs/*.yaml; do
    spec=$(basename "$file" .yaml)
    case $spec in refused-*) continue ;; esac
    begin "$spec" "starts/$(world_of "$spec").yaml"
    "$PODSPACE" plan -o json -f overlay.yaml --twin world.yaml >plan.json 2>/dev/null
    keep plan.json "meant/$spec.json"
    case $spec in keys-network-*) run apply --yes; keep world.yaml "meant/$spec.world.yaml" ;; esac
done

# The whole way.
for world in auto-mode crowded-vpc discovery mixed new-cluster self-managed shared-vpc terraform-eks; do
    begin "$world" "starts/$world.yaml"
    run plan --save plan.json
    keep plan.json "plans/$world.json"
    run apply --yes
    [ $world = discovery ] || keep world.yaml "worlds/$world/applied.yaml"
    if [ $world != new-cluster ]; then
        run rollout start --yes
        keep world.yaml "worlds/$world/rolled.yaml"
    fi
done
for stage in network admit switch; do
    begin crowded-vpc starts/crowded-vpc.yaml
    run plan --save plan.json --stage $stage
    keep plan.json "plans/crowded-vpc-$stage.json"
done
begin crowded-vpc worlds/crowded-vpc/applied.yaml
run plan --save plan.json --stage switch
keep plan.json plans/crowded-vpc-of-what-is-left.json
for world in crowded-vpc self-managed; do
    begin $world starts/$world.yaml
    run apply --yes --stage switch
    keep world.yaml worlds/$world/switched.yaml
done

# Applies that did not end.
half() { keep world.yaml "halfway/$1.yaml"; }
begin crowded-vpc starts/crowded-vpc.yaml
cut_off KILL 'call: CreateTags' 'AssociateVpcCidrBlock|CreateRouteTable' apply --yes && half crowded-vpc,apply,killed-after-the-tag
begin crowded-vpc starts/crowded-vpc.yaml
cut_off KILL 'call: CreateSubnet,' 'AssociateRouteTable' apply --yes && half crowded-vpc,apply,killed-after-the-first-subnet
begin crowded-vpc starts/crowded-vpc.yaml
cut_off KILL 'create configmaps' 'AddonUpdated' apply --yes && half crowded-vpc,apply,killed-after-the-record
begin crowded-vpc starts/crowded-vpc.yaml
cut_off TERM 'AssociateVpcCidrBlock' 'create configmaps' apply --yes && half crowded-vpc,apply,terminated
begin crowded-vpc starts/crowded-vpc.yaml
cp "$here/faults/no-second-subnet.yaml" faults.yaml
run apply --yes --faults faults.yaml
half crowded-vpc,apply,refused-a-subnet
begin crowded-vpc starts/crowded-vpc.yaml
cp "$here/faults/answers-lost.yaml" faults.yaml
run apply --yes --faults faults.yaml
half crowded-vpc,apply,answers-lost
begin new-cluster starts/new-cluster.yaml
cut_off KILL 'call: CreateSubnet,' 'CreateSecurityGroup|AuthorizeSecurityGroup' apply --yes && half new-cluster,apply,killed-under-the-lock
begin shared-vpc starts/shared-vpc.yaml
cut_off KILL 'CreateResourceShare' 'create configmaps' apply --yes && half shared-vpc,apply,killed-after-the-share
begin self-managed worlds/self-managed/applied.yaml
cut_off KILL 'configmaps' 'update daemonsets' apply --yes --stage switch && half self-managed,switch,killed-after-the-record

# Rollouts that did not end.
begin crowded-vpc worlds/crowded-vpc/applied.yaml
cut_off KILL 'update nodes' 'UpdateAddon' rollout start --yes && half crowded-vpc,rollout,killed-after-the-first-cordon
for world in auto-mode mixed; do
    begin $world worlds/$world/applied.yaml
    cut_off KILL 'update nodes' 'nodeclaims|kubernetes, call: delete pods' rollout start --yes && half $world,rollout,killed-after-the-first-cordon
done
begin crowded-vpc worlds/crowded-vpc/applied.yaml
cut_off KILL 'kubelet, call: create nodes' 'TerminateInstances.*TerminateInstances' rollout start --yes && half crowded-vpc,rollout,killed-after-the-canary
run rollout pause
half crowded-vpc,rollout,paused
begin auto-mode worlds/auto-mode/applied.yaml
cut_off KILL 'delete nodeclaims' 'delete nodeclaims.*delete nodeclaims' rollout start --yes && half auto-mode,rollout,killed-after-the-first-node
begin crowded-vpc worlds/crowded-vpc/applied.yaml
cp "$here/faults/no-node-joins.yaml" faults.yaml
run rollout start --yes --faults faults.yaml
half crowded-vpc,rollout,failed-canary

# Ways back that did not end.
begin crowded-vpc worlds/crowded-vpc/rolled.yaml
cut_off KILL 'kubelet, call: create nodes' 'TerminateInstances.*TerminateInstances' rollout back --yes && half crowded-vpc,back,killed-after-the-first-node
begin crowded-vpc worlds/crowded-vpc/applied.yaml
cut_off KILL 'DeleteSubnet,|delete eniconfigs' 'DisassociateVpcCidrBlock' destroy --yes && half crowded-vpc,destroy,killed-on-the-way
begin auto-mode worlds/auto-mode/applied.yaml
cut_off KILL 'delete nodeclasses|DeleteSubnet,' 'DisassociateVpcCidrBlock' destroy --yes && half auto-mode,destroy,killed-on-the-way

# Copies of a world, by looking and from what the AWS CLI and kubectl print.
begin auto-mode worlds/auto-mode/rolled.yaml
run snapshot -o copy.yaml
keep copy.yaml snapshots/auto-mode.yaml
begin crowded-vpc worlds/crowded-vpc/applied.yaml
"$PODSPACE" twin serve --world world.yaml --aws-port 18310 --kube-port 18311 --kubeconfig config >out 2>&1 &
server=$!
until [ -s config ]; do sleep 0.1; done
mkdir -p aws kube
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1 AWS_ENDPOINT_URL=http://127.0.0.1:18310 AWS_PAGER=
for what in "sts get-caller-identity" "ec2 describe-vpcs" "ec2 describe-subnets" "ec2 describe-route-tables" "ec2 describe-security-groups" \
    "ec2 describe-security-group-rules" "ec2 describe-network-acls" "ec2 describe-network-interfaces" "ec2 describe-instances" \
    "ec2 describe-availability-zones" "ec2 describe-transit-gateway-vpc-attachments" "eks describe-cluster --name prod" \
    "eks describe-addon --cluster-name prod --addon-name vpc-cni"; do
    # shellcheck disable=SC2086
    "$AWS" $what --output json >"aws/${what//[ \/]/-}.json"
done
for subnet in $("$AWS" ec2 describe-subnets --query 'Subnets[].SubnetId' --output text); do
    "$AWS" ec2 get-subnet-cidr-reservations --subnet-id "$subnet" --output json >"aws/reservations-of-$subnet.json"
done
group=$("$AWS" eks list-nodegroups --cluster-name prod --query 'nodegroups[0]' --output text)
"$AWS" eks describe-nodegroup --cluster-name prod --nodegroup-name "$group" --output json >aws/nodegroup.json
"$KUBECTL" --kubeconfig config get nodes,pods,daemonsets,deployments,replicasets,pdb,configmaps,eniconfigs,crd -A -o json >kube/all.json
kill "$server"
"$PODSPACE" snapshot --aws-json aws --kube-json kube -o copy2.yaml >out 2>&1 || cat out
keep copy2.yaml snapshots/crowded-vpc-from-files.yaml
unset AWS_ENDPOINT_URL

# What was rendered, of which a later run knows what somebody edited.
begin crowded-vpc starts/crowded-vpc.yaml
run render terraform --out rendered
for file in rendered/*; do keep "$file" "rendered/$(basename "$file")"; done

# What it made of measurements and loads.
for history in history.csv prometheus.json; do
    "$PODSPACE" forecast --history "$here/histories/$history" -o json >said.json 2>/dev/null
    keep said.json "meant/forecast-${history%.*}.json"
done
"$PODSPACE" simulate --load "$here/loads/day.yaml" -o json >said.json 2>/dev/null
keep said.json meant/simulate-day.json

# What was shown of the news.
cp "$here/feeds/feed.xml" .
"$PODSPACE" news --feed feed.xml --memory news.json >out 2>&1
keep news.json feeds/news.json
