using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Podspace.Simulation;
using Podspace.Simulation.State;
using Podspace.Twin;
using Podspace.Twin.Aws;

namespace Podspace.Tests.Twin;

/// <summary>Speaks EC2's Query protocol to a world as raw forms, the way a test table reads best.</summary>
internal sealed class Ec2Client
{
    private readonly string? key;

    private Ec2Client(Ec2Client other, string key)
    {
        (World, Endpoint, this.key) = (other.World, other.Endpoint, key);
    }

    public Ec2Client(WorldState state)
    {
        World = new(state);
        Endpoint = new(World);
    }

    public World World { get; }

    public AwsState Aws => World.State.Aws;

    public AwsEndpoint Endpoint { get; }

    /// <summary>The guide's VPC without its cluster: one block, two zones in use, a main table, a default group.</summary>
    public static Ec2Client OfGuide(string block = "10.196.24.0/24", Action<AwsState>? change = null)
    {
        var state = new WorldState { Clock = DateTimeOffset.Parse("2026-01-01T00:00:00Z", CultureInfo.InvariantCulture) };
        state.Aws.AvailabilityZones = [Zone("a", 1), Zone("b", 2), Zone("c", 3)];
        state.Aws.Vpcs = [new() { VpcId = "vpc-1", CidrBlock = block }];
        state.Aws.RouteTables =
        [
            new()
            {
                RouteTableId = "rtb-main",
                VpcId = "vpc-1",
                Associations = [new() { RouteTableAssociationId = "rtbassoc-main", Main = true }],
            },
        ];
        state.Aws.SecurityGroups =
        [
            new()
            {
                GroupId = "sg-default",
                GroupName = "default",
                Description = "default VPC security group",
                VpcId = "vpc-1",
            },
        ];
        change?.Invoke(state.Aws);
        return new(state);
    }

    /// <summary>Parameters as on the wire, <c>Name=value</c> each. The answer's root element; a refusal fails the test.</summary>
    public XElement Ask(string action, params string[] parameters)
    {
        var (status, body) = Send(action, parameters);
        Assert.True(status == 200, $"{action}: {body}");
        return body;
    }

    /// <summary>The code of the refusal, or "done".</summary>
    public string Try(string action, params string[] parameters) =>
        Send(action, parameters).Body.Descendants("Code").SingleOrDefault()?.Value ?? "done";

    /// <summary>The same world as an account uses it.</summary>
    public Ec2Client As(string account)
    {
        var answer = Post($"Action=AssumeRole&Version=2011-06-15&RoleSessionName=test&RoleArn=arn:aws:iam::{account}:role/any");
        return new(this, answer.Body.Descendants("AccessKeyId").Single().Value);
    }

    /// <summary>The code of the refusal of AWS RAM, or "done".</summary>
    public string TryRam(string operation, string body)
    {
        var request = new TwinRequest("POST", $"/{operation.ToLowerInvariant()}", "", Headers, Encoding.UTF8.GetBytes(body));
        var response = Endpoint.HandleAsync(request, CancellationToken.None).GetAwaiter().GetResult();
        return response.Headers.Where(header => header.Name == "x-amzn-ErrorType").Select(header => header.Value).FirstOrDefault("done");
    }

    public (int Status, XElement Body) Send(string action, params string[] parameters) =>
        Post(string.Join('&', parameters.Prepend($"Action={action}").Append("Version=2016-11-15").Select(Encode)));

    private Dictionary<string, string> Headers =>
        key is null
            ? []
            : new(StringComparer.OrdinalIgnoreCase)
            {
                ["Authorization"] = $"AWS4-HMAC-SHA256 Credential={key}/20260101/eu-west-1/ec2/aws4_request",
            };

    private (int Status, XElement Body) Post(string form)
    {
        var signed =
            key is null && form.StartsWith("Action=AssumeRole", StringComparison.Ordinal)
                ? new() { ["Authorization"] = "Credential=AKIDTWIN/" }
                : Headers;
        var request = new TwinRequest("POST", "/", "", signed, Encoding.UTF8.GetBytes(form));
        var response = Endpoint.HandleAsync(request, CancellationToken.None).GetAwaiter().GetResult();
        return (response.Status, WithoutNamespaces(XElement.Parse(Encoding.UTF8.GetString(response.Body.Span))));
    }

    /// <summary>Waits, as someone who looks again and again would: what was under way has ended.</summary>
    public void Wait(double seconds = 5) => World.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Associates a block and waits until it can be used.</summary>
    public void Associate(string block)
    {
        Ask("AssociateVpcCidrBlock", "VpcId=vpc-1", $"CidrBlock={block}");
        Wait();
    }

    public string Subnet(string block, string zone = "eu-west-1b") =>
        Ask("CreateSubnet", "VpcId=vpc-1", $"CidrBlock={block}", $"AvailabilityZone={zone}").Descendants("subnetId").Single().Value;

    public string Group(string name) =>
        Ask("CreateSecurityGroup", "VpcId=vpc-1", $"GroupName={name}", "GroupDescription=x").Element("groupId")!.Value;

    public string Table() => Ask("CreateRouteTable", "VpcId=vpc-1").Descendants("routeTableId").First().Value;

    private static AvailabilityZone Zone(string letter, int number) =>
        new() { ZoneName = $"eu-west-1{letter}", ZoneId = $"euw1-az{number}" };

    private static string Encode(string pair) =>
        pair.Split('=', 2) is [var name, var value] ? $"{name}={Uri.EscapeDataString(value)}" : pair;

    private static XElement WithoutNamespaces(XElement element) =>
        new(element.Name.LocalName, element.HasElements ? element.Elements().Select(WithoutNamespaces) : element.Value);
}
