using Amazon.EC2.Model;
using Podspace.Naming;

namespace Podspace.Aws.Calls;

/// <summary>Which network ACL a subnet has, and under which association.</summary>
internal static class AclAssociations
{
    /// <param name="isNew">Just made: while EC2 does not know it there yet, it is asked again.</param>
    /// <exception cref="Refused">The subnet is not there.</exception>
    public static async Task<(AwsId Acl, string Association)> OfAsync(Ec2Wire ec2, AwsId subnet, bool isNew, CancellationToken cancel)
    {
        NetworkAclAssociation? found = null;
        await ec2.ReadAsync(
            "DescribeNetworkAcls",
            async (client, stop) =>
            {
                var answer = await client.DescribeNetworkAclsAsync(
                    new() { Filters = [Ec2Wire.Where("association.subnet-id", subnet.Text)] },
                    stop
                );
                found =
                    answer
                        .NetworkAcls.SelectMany(acl => acl.Associations)
                        .FirstOrDefault(association => association.SubnetId == subnet.Text)
                    ?? throw Unknown(subnet);
                return answer;
            },
            cancel,
            _ => isNew
        );
        return (new(found!.NetworkAclId), found.NetworkAclAssociationId);
    }

    private static Amazon.EC2.AmazonEC2Exception Unknown(AwsId subnet) =>
        new($"The subnet ID '{subnet}' does not exist") { ErrorCode = "InvalidSubnetID.NotFound" };
}
