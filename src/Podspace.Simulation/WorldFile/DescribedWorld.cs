using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Podspace.Formats;
using Podspace.Simulation.State;
using Podspace.Spec;

namespace Podspace.Simulation.WorldFile;

/// <summary>A world from what somebody mailed: files as <c>aws … --output json</c> and <c>kubectl
/// get -o json</c> print them, under whatever names.</summary>
public sealed partial class DescribedWorld
{
    /// <summary>Without these there is no network to plan for; each with the command that prints it.</summary>
    private static readonly (string List, string Command)[] Needed =
    [
        ("Vpcs", "aws ec2 describe-vpcs"),
        ("Subnets", "aws ec2 describe-subnets"),
        ("RouteTables", "aws ec2 describe-route-tables"),
        ("SecurityGroups", "aws ec2 describe-security-groups"),
    ];

    /// <summary>Without these some checks are left out: the name of the reading, and the command that prints it.</summary>
    private static readonly (string List, string Reading, string Command)[] Wanted =
    [
        ("AvailabilityZones", "Zones", "aws ec2 describe-availability-zones"),
        ("NetworkAcls", "NetworkAcls", "aws ec2 describe-network-acls"),
        ("NetworkInterfaces", "Interfaces", "aws ec2 describe-network-interfaces"),
        ("Instances", "Instances", "aws ec2 describe-instances"),
        ("VpcEndpoints", "Endpoints", "aws ec2 describe-vpc-endpoints"),
        ("VpcPeeringConnections", "Peerings", "aws ec2 describe-vpc-peering-connections"),
        ("TransitGatewayVpcAttachments", "TransitGatewayAttachments", "aws ec2 describe-transit-gateway-vpc-attachments"),
        ("VpnGateways", "VpnGateways", "aws ec2 describe-vpn-gateways"),
        ("NatGateways", "NatGateways", "aws ec2 describe-nat-gateways"),
        ("Clusters", "Cluster", "aws eks describe-cluster --name NAME"),
        ("Nodegroups", "Nodegroups", "aws eks describe-nodegroup --cluster-name NAME --nodegroup-name GROUP"),
        ("Addons", "Addon", "aws eks describe-addon --cluster-name NAME --addon-name vpc-cni"),
        ("AutoScalingGroups", "AutoScalingGroups", "aws autoscaling describe-auto-scaling-groups"),
        (
            "LaunchTemplateVersions",
            "LaunchTemplates",
            "aws ec2 describe-launch-template-versions --launch-template-id LT --versions VERSION"
        ),
    ];

    private static readonly (string Kind, string Reading, string Command)[] WantedKinds =
    [
        ("Node", "Nodes", "kubectl get nodes"),
        ("Pod", "Pods", "kubectl get pods -A"),
        ("DaemonSet", "AwsNode", "kubectl get daemonsets -A"),
        ("Deployment", "", "kubectl get deployments,replicasets,statefulsets -A"),
        ("PodDisruptionBudget", "DisruptionBudgets", "kubectl get pdb -A"),
    ];

    /// <summary>Answers about one thing, by their key, and the list in which it belongs.</summary>
    private static readonly Dictionary<string, string> Single = new(StringComparer.Ordinal)
    {
        ["cluster"] = "Clusters",
        ["nodegroup"] = "Nodegroups",
        ["addon"] = "Addons",
        ["accessEntry"] = "AccessEntries",
    };

    private readonly JsonObject aws = [];
    private readonly List<JsonObject> manifests = [];
    private readonly List<string> notes = [];
    private readonly HashSet<string> seenKinds = new(StringComparer.Ordinal);

    private DescribedWorld() { }

    /// <param name="vpc">Which one, where the files show several; null: the cluster's, or the only one.</param>
    /// <param name="at">When the files were made.</param>
    /// <returns>The world, or what keeps it from being one; and what was missing, left out or put in.</returns>
    public static (WorldState? World, string Problem, EquatableArray<string> Notes) Read(
        IEnumerable<SourceText> awsFiles,
        IEnumerable<SourceText> kubeFiles,
        string? vpc,
        DateTimeOffset at
    )
    {
        var described = new DescribedWorld();
        foreach (var file in awsFiles)
        {
            described.TakeAws(file);
        }
        foreach (var file in kubeFiles)
        {
            described.TakeManifests(file);
        }
        var (world, problem) = described.Make(vpc, at);
        return (world, problem, described.notes.ToEquatable());
    }

    private (WorldState? World, string Problem) Make(string? vpc, DateTimeOffset at)
    {
        var missing = Needed.Where(one => aws[one.List] is not JsonArray { Count: > 0 }).ToList();
        if (missing.Count > 0)
        {
            return (
                null,
                $"nothing of {string.Join(", ", missing.Select(one => one.List))} is in "
                    + $"the files, and without it there is no network to look at. To print "
                    + $"it:{string.Concat(missing.Select(one => $"\n  {one.Command} --output json"))}"
            );
        }
        if (ChooseVpc(vpc) is not { } chosen)
        {
            var all = Items("Vpcs").Select(one => $"{one["VpcId"]} {one["CidrBlock"]}");
            return (
                null,
                $"{(vpc is null ? "the files show several VPCs" : $"{vpc} is not in the files")}. "
                    + $"Name one of them with --vpc:{string.Concat(all.Select(one => $"\n  {one}"))}"
            );
        }
        Keep(chosen);
        Gather(chosen);
        var unseen = Unseen();
        var root = new JsonObject
        {
            ["apiVersion"] = "podspace.io/v1alpha1",
            ["kind"] = "World",
            ["metadata"] = new JsonObject
            {
                ["name"] = (string?)Items("Clusters").FirstOrDefault()?["name"] ?? chosen,
                ["description"] = $"{chosen}, from what the AWS CLI and kubectl printed.",
                ["unseen"] = unseen,
            },
            ["clock"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["seed"] = 1,
            ["aws"] = aws,
            ["kubernetes"] = new JsonArray([.. manifests.Select(ManifestCopy.Of)]),
        };
        var read = WorldReader.ReadDescribed(root.ToJsonString(), notes.AddRange);
        return read.Ok(out var world)
            ? (world, "")
            : (
                null,
                $"the files do not fit "
                    + $"together:{string.Concat(read.Findings.Select(finding => $"\n  {finding.Object}: {finding.Problem} {finding.Fix}"))}"
            );
    }

    private void TakeAws(SourceText file)
    {
        if (Parse(file) is not { } root)
        {
            return;
        }
        var known = 0;
        foreach (var (key, value) in root)
        {
            known += Take(key, value, file.File) ? 1 : 0;
        }
        if (known == 0)
        {
            notes.Add(
                $"{file.File} holds nothing that is known here ({string.Join(", ", root.Select(pair => pair.Key).Take(3))}): left out"
            );
        }
    }

    private bool Take(string key, JsonNode? value, string file)
    {
        switch (key)
        {
            case "Account":
                aws["Account"] = $"{value}";
                return true;
            case "Reservations":
                Add("Instances", Objects(value).SelectMany(one => Objects(one["Instances"])));
                return true;
            case "SubnetIpv4CidrReservations":
                Add("SubnetCidrReservations", Objects(value));
                return true;
            case "Quotas":
                foreach (var quota in Objects(value).Where(quota => quota["QuotaCode"] is not null && quota["Value"] is JsonValue))
                {
                    Map("Quotas")[$"{quota["QuotaCode"]}"] = (int)quota["Value"]!.GetValue<double>();
                }
                return true;
            case "Entries":
                TakeEntries(value, file);
                return true;
            case "clusters"
            or "nodegroups"
            or "addons"
            or "addonName"
            or "addonVersion"
            or "configurationSchema"
            or "UserId"
            or "Arn"
            or "NextToken":
                return true;
        }
        if (Single.TryGetValue(key, out var list) && value is JsonObject single)
        {
            Add(list, [single]);
            return true;
        }
        var isList = value is JsonArray && WorldJson.TypeOf(typeof(AwsState)).Properties.Any(property => property.Name == key);
        if (isList)
        {
            Add(key, Objects(value));
        }
        return isList;
    }

    /// <summary>An answer about one prefix list does not say which: its file's name may.</summary>
    private void TakeEntries(JsonNode? value, string file)
    {
        if (PrefixList().Match(file) is { Success: true, Value: var id })
        {
            Map("entries")[id] = value?.DeepClone();
        }
        else
        {
            notes.Add(
                $"{file} holds the entries of a prefix list and does not say of which: "
                    + $"name the file after it, such as pl-0123456789abcdef0.json"
            );
        }
    }

    private void TakeManifests(SourceText file)
    {
        if (Parse(file) is not { } root)
        {
            return;
        }
        if ($"{root["kind"]}" is not { Length: > 0 } kind || root["apiVersion"] is null)
        {
            notes.Add($"{file.File} is not what kubectl get -o json prints: left out");
            return;
        }
        if (root["items"] is not JsonArray items)
        {
            TakeManifest(root);
            return;
        }
        seenKinds.Add(kind[..^"List".Length]);
        foreach (var item in items.OfType<JsonObject>())
        {
            // Items of a typed list carry neither.
            item["kind"] ??= kind[..^"List".Length];
            item["apiVersion"] ??= root["apiVersion"]!.DeepClone();
            TakeManifest(item);
        }
    }

    private void TakeManifest(JsonObject manifest)
    {
        seenKinds.Add($"{manifest["kind"]}");
        if ($"{manifest["kind"]}" is not ("Secret" or "Event" or "Lease" or "ConfigMap") && !manifests.Exists(one => Same(one, manifest)))
        {
            manifests.Add(manifest);
        }
        else if ($"{manifest["kind"]}" is "ConfigMap" && manifest["metadata"]?["labels"]?[Podspace.Naming.Tags.Overlay] is not null)
        {
            manifests.Add(manifest);
        }
    }

    private static bool Same(JsonObject one, JsonObject other) =>
        $"{one["kind"]}" == $"{other["kind"]}"
        && $"{one["metadata"]?["namespace"]}" == $"{other["metadata"]?["namespace"]}"
        && $"{one["metadata"]?["name"]}" == $"{other["metadata"]?["name"]}";

    private JsonObject? Parse(SourceText file)
    {
        var document = JsonReader.Read(file.Text, mostCharacters: null, out var problem);
        if (problem is not null)
        {
            notes.Add(
                $"{file.File}({problem.Line},{problem.Column}): {problem.Problem} It is left out. "
                    + $"Print it with --output json, or kubectl get -o json"
            );
        }
        else if (document is not JsonObject)
        {
            notes.Add($"{file.File} is not a JSON object: left out");
        }
        return document as JsonObject;
    }

    private string? ChooseVpc(string? asked)
    {
        var ids = Items("Vpcs").Select(vpc => $"{vpc["VpcId"]}").ToList();
        var wanted =
            asked ?? (string?)Items("Clusters").FirstOrDefault()?["resourcesVpcConfig"]?["vpcId"] ?? (ids.Count == 1 ? ids[0] : null);
        return ids.Find(id => id == wanted);
    }

    private JsonArray Unseen()
    {
        var missing = Wanted
            .Where(one => aws[one.List] is null && IsToldOf(one.List))
            .Select(one => (one.Reading, one.Command))
            .Concat(
                aws.ContainsKey("Clusters")
                    ? WantedKinds.Where(one => !seenKinds.Contains(one.Kind)).Select(one => (one.Reading, one.Command))
                    : []
            )
            .ToList();
        if (missing.Count > 0)
        {
            notes.Add(
                $"not among the files, and so not known. To print it, with --output json "
                    + $"or -o json:{string.Concat(missing.Select(one => $"\n  {one.Command}"))}"
            );
        }
        return new JsonArray([
            .. missing
                .Select(one => one.Reading)
                .Where(reading => reading.Length > 0)
                .Order(StringComparer.Ordinal)
                .Select(reading => (JsonNode)reading),
        ]);
    }

    /// <summary>Self-managed groups are a cluster's, and templates are of use only where somebody starts nodes by them.</summary>
    private bool IsToldOf(string list) =>
        list switch
        {
            "AutoScalingGroups" => aws.ContainsKey("Clusters"),
            "LaunchTemplateVersions" => Items("Nodegroups").Any(group => $"{group["amiType"]}" == "CUSTOM")
                || Items("AutoScalingGroups").Any(),
            _ => true,
        };

    private void Add(string list, IEnumerable<JsonObject> items)
    {
        if (aws[list] is not JsonArray array)
        {
            aws[list] = array = [];
        }
        foreach (var item in items)
        {
            // The same answer may have been mailed twice, or in pages that overlap.
            if (!array.Any(known => JsonNode.DeepEquals(known, item)))
            {
                array.Add((JsonNode)item.DeepClone());
            }
        }
    }

    private JsonObject Map(string key)
    {
        if (aws[key] is not JsonObject map)
        {
            aws[key] = map = [];
        }
        return map;
    }

    private IEnumerable<JsonObject> Items(string list) => Objects(aws[list]);

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    [GeneratedRegex("pl-[0-9a-f]+")]
    private static partial Regex PrefixList();
}
