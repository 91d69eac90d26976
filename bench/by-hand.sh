#!/bin/sh
# What `podspace apply` does in its network and admit stages, with the AWS CLI: one step after the other, every choice made beforehand.
# With `look` it first reads once what `apply` reads to make those choices.
# Waiting asks again at once, which is in the CLI's favour: its own waiters sleep ten seconds and more between two looks.
set -eu
export AWS_PAGER='' AWS_DEFAULT_OUTPUT=text
vpc=vpc-09796d57be9cec2d2
cluster=prod
group=sg-08573594d51163fc9

tags() { # type, name
    echo "ResourceType=$1,Tags=[{Key=Name,Value=$2},{Key=podspace.io/overlay,Value=prod},{Key=podspace.io/name,Value=$2}]"
}

until_it_says() { # word, command …
    word=$1
    shift
    until [ "$("$@")" = "$word" ]; do :; done
}

subnet() { # zone, block, reserved blocks …
    zone=$1
    id=$(aws ec2 create-subnet --vpc-id $vpc --availability-zone "$zone" --cidr-block "$2" --tag-specifications "$(tags subnet "pods-$zone")" --query Subnet.SubnetId)
    shift 2
    until_it_says available aws ec2 describe-subnets --subnet-ids "$id" --query 'Subnets[0].State' >&2
    for block; do
        aws ec2 create-subnet-cidr-reservation --subnet-id "$id" --cidr "$block" --reservation-type prefix >&2
    done
    aws ec2 associate-route-table --route-table-id "$table" --subnet-id "$id" >&2
    echo "$id"
}

look() { # what `apply` reads before it chooses
    aws sts get-caller-identity
    for what in vpcs subnets route-tables security-groups network-acls network-interfaces instances vpc-endpoints transit-gateway-vpc-attachments nat-gateways; do
        filter=--filters
        [ $what != nat-gateways ] || filter=--filter
        aws ec2 describe-$what $filter Name=vpc-id,Values=$vpc
    done
    aws ec2 describe-availability-zones
    aws ec2 describe-security-group-rules
    aws ec2 describe-vpc-peering-connections --filters Name=requester-vpc-info.vpc-id,Values=$vpc
    aws ec2 describe-vpc-peering-connections --filters Name=accepter-vpc-info.vpc-id,Values=$vpc
    aws ec2 describe-vpn-gateways --filters Name=attachment.vpc-id,Values=$vpc
    aws eks describe-cluster --name $cluster
    nodegroup=$(aws eks list-nodegroups --cluster-name $cluster --query 'nodegroups[0]')
    type=$(aws eks describe-nodegroup --cluster-name $cluster --nodegroup-name "$nodegroup" --query 'nodegroup.instanceTypes[0]')
    aws ec2 describe-instance-types --instance-types "$type"
    version=$(aws eks describe-addon --cluster-name $cluster --addon-name vpc-cni --query addon.addonVersion)
    aws eks describe-addon-configuration --addon-name vpc-cni --addon-version "$version"
}

[ "${1:-}" != look ] || look
aws ec2 create-tags --resources $vpc --tags Key=podspace.io/block,Value=prod
aws ec2 associate-vpc-cidr-block --vpc-id $vpc --cidr-block 100.64.0.0/16
until_it_says associated aws ec2 describe-vpcs --vpc-ids $vpc --query "Vpcs[0].CidrBlockAssociationSet[?CidrBlock=='100.64.0.0/16'].CidrBlockState.State"
table=$(aws ec2 create-route-table --vpc-id $vpc --tag-specifications "$(tags route-table pods)" --query RouteTable.RouteTableId)
b=$(subnet eu-west-1b 100.64.0.0/18 100.64.16.0/20 100.64.32.0/19)
c=$(subnet eu-west-1c 100.64.64.0/18 100.64.80.0/20 100.64.96.0/19)

# The values as a whole document: what stands there, and the ENIConfigs.
aws eks describe-addon --cluster-name $cluster --addon-name vpc-cni --query addon.configurationValues
values=$(printf '{"env":{"WARM_ENI_TARGET":"1"},"eniConfig":{"create":true,"region":"eu-west-1","subnets":{"eu-west-1b":{"id":"%s","securityGroups":["%s"]},"eu-west-1c":{"id":"%s","securityGroups":["%s"]}}}}' "$b" $group "$c" $group)
update=$(aws eks update-addon --cluster-name $cluster --addon-name vpc-cni --resolve-conflicts NONE --configuration-values "$values" --query update.id)
until_it_says Successful aws eks describe-update --name $cluster --addon-name vpc-cni --update-id "$update" --query update.status
