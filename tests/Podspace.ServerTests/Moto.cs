using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Podspace.ServerTests;

/// <summary>moto on loopback: an EC2 that nobody here wrote, with a VPC in it. tests/installers/moto brings it.</summary>
internal sealed class Moto : IAsyncDisposable
{
    /// <summary>Everything in moto is this account's.</summary>
    public const string Account = "123456789012";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly HttpClient http = new();

    private Moto(Process process, Uri url)
    {
        this.process = process;
        Url = url;
    }

    public Uri Url { get; }

    public string Vpc { get; private set; } = "";

    public IReadOnlyList<string> Subnets { get; private set; } = [];

    public string Group { get; private set; } = "";

    /// <summary>A network ACL of nobody's, which lets all pass.</summary>
    public string Acl { get; private set; } = "";

    /// <summary>A VPC of 10.196.24.0/24 with two subnets, a group and the two interfaces by which a control plane stands in it.</summary>
    public static async Task<Moto> StartAsync()
    {
        var program = Path.Combine(Environment.GetEnvironmentVariable("PODSPACE_TOOLS") ?? "", "moto");
        Assert.SkipUnless(File.Exists(program), "moto could not be had here (tests/tools says why)");
        var port = FreePort();
        // The shell ends it when this process is gone, however it went: then nobody holds its input open.
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true };
        foreach (
            var word in (string[])
                [
                    "-c",
                    "exec 2>/dev/null; \"$@\" >/dev/null 2>&1 </dev/null & pid=$!; cat >/dev/null; kill -9 $pid; wait $pid",
                    "sh",
                    program,
                    "-H",
                    "127.0.0.1",
                    "-p",
                    $"{port}",
                ]
        )
        {
            start.ArgumentList.Add(word);
        }
        var moto = new Moto(Process.Start(start)!, new($"http://127.0.0.1:{port}"));
        await moto.ReadyAsync();
        await moto.FurnishAsync();
        return moto;
    }

    /// <summary>What describe calls say of the network, a line for each thing, without what is new in every answer.</summary>
    public async Task<IReadOnlyList<string>> DescribeAsync()
    {
        var answers = new List<string>();
        var subnets = (await AskAsync("DescribeSubnets"))
            .Descendants()
            .Where(one => one.Name.LocalName == "subnetId")
            .Select(one => one.Value)
            .ToHashSet();
        foreach (
            var action in (string[])
                [
                    "DescribeVpcs",
                    "DescribeSubnets",
                    "DescribeRouteTables",
                    "DescribeSecurityGroups",
                    "DescribeSecurityGroupRules",
                    "DescribeNetworkAcls",
                    "DescribeNetworkInterfaces",
                ]
        )
        {
            var answer = await AskAsync(action);
            // moto makes up the ids of ACL associations anew for each answer.
            answer.Descendants().Where(one => one.Name.LocalName is "requestId" or "networkAclAssociationId").Remove();
            // moto keeps the ACL associations of subnets that are gone; on AWS they go with them.
            answer
                .Descendants()
                .Where(one =>
                    one.Elements().Any(child => child.Name.LocalName == "networkAclId")
                    && one.Elements().Any(child => child.Name.LocalName == "subnetId" && !subnets.Contains(child.Value))
                )
                .Remove();
            // A block that has left stays visible for a while, on AWS too.
            answer
                .Descendants()
                .Where(one =>
                    one.Elements().Any(child => child.Name.LocalName == "cidrBlockState" && child.Value.Trim() == "disassociated")
                )
                .Remove();
            answers.AddRange(answer.Elements().Single(one => one.HasElements).Elements().Select(item => $"{action} {Sorted(item)}"));
        }
        return answers;
    }

    public async Task<XElement> AskAsync(string action, params (string Name, string Value)[] parameters)
    {
        using var form = new FormUrlEncodedContent(
            parameters
                .Prepend(("Action", action))
                .Append(("Version", "2016-11-15"))
                .Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = form };
        // Where to, moto reads from the signature; it checks none.
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=TWIN/20260101/eu-west-1/ec2/aws4_request, SignedHeaders=host, Signature=0"
        );
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{action}: {text}");
        return XElement.Parse(text);
    }

    public ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task FurnishAsync()
    {
        Vpc = Id(await AskAsync("CreateVpc", ("CidrBlock", "10.196.24.0/24")), "vpcId");
        Subnets =
        [
            Id(
                await AskAsync("CreateSubnet", ("VpcId", Vpc), ("CidrBlock", "10.196.24.0/25"), ("AvailabilityZone", "eu-west-1b")),
                "subnetId"
            ),
            Id(
                await AskAsync("CreateSubnet", ("VpcId", Vpc), ("CidrBlock", "10.196.24.128/25"), ("AvailabilityZone", "eu-west-1c")),
                "subnetId"
            ),
        ];
        Group = Id(
            await AskAsync(
                "CreateSecurityGroup",
                ("VpcId", Vpc),
                ("GroupName", "eks-cluster-sg-prod-1180471225"),
                ("GroupDescription", "EKS created security group")
            ),
            "groupId"
        );
        await AskAsync("CreateTags", ("ResourceId.1", Group), ("Tag.1.Key", "kubernetes.io/cluster/prod"), ("Tag.1.Value", "owned"));
        Acl = Id(await AskAsync("CreateNetworkAcl", ("VpcId", Vpc)), "networkAclId");
        foreach (var egress in (string[])["true", "false"])
        {
            await AskAsync(
                "CreateNetworkAclEntry",
                ("NetworkAclId", Acl),
                ("RuleNumber", "100"),
                ("Protocol", "-1"),
                ("RuleAction", "allow"),
                ("Egress", egress),
                ("CidrBlock", "0.0.0.0/0")
            );
        }
        foreach (var subnet in Subnets)
        {
            await AskAsync(
                "CreateNetworkInterface",
                ("SubnetId", subnet),
                ("Description", "Amazon EKS prod"),
                ("SecurityGroupId.1", Group)
            );
        }
    }

    private async Task ReadyAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Url, "/moto-api/"), patience.Token);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(200, patience.Token);
            }
        }
    }

    private static string Id(XElement answer, string name) => answer.Descendants().First(one => one.Name.LocalName == name).Value;

    /// <summary>Lists as sets: moto lists in the order in which things were last written.</summary>
    private static string Sorted(XElement element) =>
        element.HasElements
            ? $"<{element.Name.LocalName}>{string.Concat(element.Elements().Select(Sorted).Order(StringComparer.Ordinal))}"
                + $"</{element.Name.LocalName}>"
            : $"<{element.Name.LocalName}>{Regex.Replace(element.Value, @"\s+", " ")}</{element.Name.LocalName}>";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
