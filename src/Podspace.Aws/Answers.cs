using System.Collections.Frozen;
using System.Text;
using System.Xml;

namespace Podspace.Aws;

/// <summary>Stands before every call's transport: follows no redirect, and lets nothing past that is no answer to what was asked.</summary>
/// <remarks>
/// The SDK reads an answer of the Query protocol by the elements that it knows, whatever stands around them: another operation's answer
/// would be "no subnets" to it. JSON is looked at by <see cref="SignedJson"/>.
/// </remarks>
internal sealed class Answers(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string AnyText = "#text";

    // Every read is here, and every write whose answer is used: the elements on the way to what has to be there, empty list or not.
    // EC2 writes a list that is empty too.
    // Sources: EC2 API model, locationName of each output's member; STS and Auto Scaling API References.
    private static readonly FrozenDictionary<string, string> Needed = new Dictionary<string, string>
    {
        ["DescribeAvailabilityZones"] = "availabilityZoneInfo",
        ["DescribeInstances"] = "reservationSet",
        ["DescribeInstanceTypes"] = "instanceTypeSet",
        ["DescribeLaunchTemplateVersions"] = "launchTemplateVersionSet",
        ["DescribeManagedPrefixLists"] = "prefixListSet",
        ["DescribeNatGateways"] = "natGatewaySet",
        ["DescribeNetworkAcls"] = "networkAclSet",
        ["DescribeNetworkInterfaces"] = "networkInterfaceSet",
        ["DescribeRouteTables"] = "routeTableSet",
        ["DescribeSecurityGroupRules"] = "securityGroupRuleSet",
        ["DescribeSecurityGroups"] = "securityGroupInfo",
        ["DescribeSubnets"] = "subnetSet",
        ["DescribeTransitGatewayVpcAttachments"] = "transitGatewayVpcAttachments",
        ["DescribeVpcEndpoints"] = "vpcEndpointSet",
        ["DescribeVpcPeeringConnections"] = "vpcPeeringConnectionSet",
        ["DescribeVpcs"] = "vpcSet",
        ["DescribeVpnGateways"] = "vpnGatewaySet",
        ["GetManagedPrefixListEntries"] = "entrySet",
        ["GetSubnetCidrReservations"] = "subnetIpv4CidrReservationSet",
        ["AssociateRouteTable"] = $"associationId/{AnyText}",
        ["AssociateVpcCidrBlock"] = $"cidrBlockAssociation/associationId/{AnyText}",
        ["CreateRouteTable"] = $"routeTable/routeTableId/{AnyText}",
        ["CreateSecurityGroup"] = $"groupId/{AnyText}",
        ["CreateSubnet"] = $"subnet/subnetId/{AnyText}",
        ["CreateSubnetCidrReservation"] = $"subnetCidrReservation/subnetCidrReservationId/{AnyText}",
        ["ReplaceNetworkAclAssociation"] = $"newAssociationId/{AnyText}",
        ["ReplaceRouteTableAssociation"] = $"newAssociationId/{AnyText}",
        ["AssumeRole"] = $"AssumeRoleResult/Credentials/AccessKeyId/{AnyText}",
        ["AssumeRoleWithWebIdentity"] = $"AssumeRoleWithWebIdentityResult/Credentials/AccessKeyId/{AnyText}",
        ["GetCallerIdentity"] = $"GetCallerIdentityResult/Account/{AnyText}",
        ["DescribeAutoScalingGroups"] = "DescribeAutoScalingGroupsResult/AutoScalingGroups",
    }.ToFrozenDictionary();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Before it is sent: afterwards its body may be gone.
        var operation = await OperationAsync(request, cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        if ((int)response.StatusCode is >= 300 and < 400)
        {
            throw Redirected(request, response);
        }
        if (operation is not null && response.IsSuccessStatusCode)
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (Problem(operation, body, response.Content.Headers.ContentType?.MediaType) is { } problem)
            {
                throw new NoAnswer(operation, response, problem);
            }
        }
        return response;
    }

    /// <summary>Null: another protocol than Query, or none of its forms.</summary>
    private static async Task<string?> OperationAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        if (request.Content?.Headers.ContentType?.MediaType != "application/x-www-form-urlencoded")
        {
            return null;
        }
        var form = await request.Content.ReadAsStringAsync(cancel);
        return form.Split('&').FirstOrDefault(pair => pair.StartsWith("Action=", StringComparison.Ordinal))?["Action=".Length..];
    }

    private static string? Problem(string operation, byte[] body, string? type)
    {
        if (body.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
        {
            return "an empty body";
        }
        try
        {
            return Problem(operation, body);
        }
        catch (XmlException)
        {
            return $"{body.Length} bytes of {type ?? "no type"} that are no XML, or only the beginning of some";
        }
    }

    private static string? Problem(string operation, byte[] body)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, IgnoreWhitespace = true };
        using var reader = XmlReader.Create(new MemoryStream(body), settings);
        reader.MoveToContent();
        var root = $"{operation}Response";
        if (reader.LocalName != root)
        {
            return $"<{reader.LocalName}> where <{root}> was asked for";
        }
        var path = Path(operation);
        if (!Holds(reader, path))
        {
            return $"a {root} that lacks {path.Replace($"/{AnyText}", "", StringComparison.Ordinal)}";
        }
        ReadOn(reader, body, root);
        return null;
    }

    /// <exception cref="InvalidOperationException">A read that the table lacks: a bug, found by whoever makes that read first.</exception>
    private static string Path(string operation)
    {
        if (Needed.TryGetValue(operation, out var path))
        {
            return path;
        }
        var isRead = operation.StartsWith("Describe", StringComparison.Ordinal) || operation.StartsWith("Get", StringComparison.Ordinal);
        return isRead ? throw new InvalidOperationException($"What an answer to {operation} has to hold is not said.") : "";
    }

    /// <summary>Reads until it is there, which is near the beginning.</summary>
    private static bool Holds(XmlReader reader, string path)
    {
        if (path.Length == 0)
        {
            return true;
        }
        var at = new List<string>();
        while (reader.Read())
        {
            if (reader.NodeType is not (XmlNodeType.Element or XmlNodeType.Text))
            {
                continue;
            }
            // The root is at depth 0.
            at.RemoveRange(reader.Depth - 1, at.Count - reader.Depth + 1);
            at.Add(reader.NodeType == XmlNodeType.Text ? AnyText : reader.LocalName);
            if (string.Join('/', at) == path)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Finds half a document out. One that ends as a whole one does is not read to its end:
    /// the SDK does that, and <see cref="Refusals"/> knows what it throws at something broken in between.</summary>
    private static void ReadOn(XmlReader reader, ReadOnlySpan<byte> body, string root)
    {
        if (body.TrimEnd(" \t\r\n"u8).EndsWith(Encoding.UTF8.GetBytes($"</{root}>")))
        {
            return;
        }
        while (reader.Read()) { }
    }

    private static NotFollowed Redirected(HttpRequestMessage request, HttpResponseMessage response)
    {
        var to = response.Headers.Location is { } location ? new Uri(request.RequestUri!, location).Host : "nowhere";
        return new(
            $"{request.RequestUri!.Host} answered with HTTP status {(int)response.StatusCode}, which leads to {to}. "
                + "It was not followed: credentials go to no other host. "
                + "Name the right one in AWS_ENDPOINT_URL, or unset it, then run the same command again."
        );
    }
}

/// <summary>A 2xx that holds not what was asked for. The call may have had its effect, as when an answer is lost.</summary>
internal sealed class NoAnswer(string operation, HttpResponseMessage response, string what)
    : HttpRequestException($"the answer to {operation} was {(int)response.StatusCode} with {what}");

/// <summary>A redirect, which is not followed.</summary>
internal sealed class NotFollowed(string message) : HttpRequestException(message);
