using System.Text;
using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Twin;
using Podspace.Twin.Eks;

namespace Podspace.Tests.Twin;

public sealed class EksDoorTests
{
    private const string Label =
        """{"env":{"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG":"true","ENI_CONFIG_LABEL_DEF":"topology.kubernetes.io/zone"}}""";

    private readonly World world = Worlds.Crowded();
    private readonly EksEndpoint endpoint;

    public EksDoorTests() => endpoint = new(world);

    [Theory]
    [InlineData("/clusters", "clusters", """["prod"]""")]
    [InlineData("/clusters/prod/node-groups", "nodegroups", """["workers"]""")]
    [InlineData("/clusters/prod/addons", "addons", """["coredns","kube-proxy","vpc-cni"]""")]
    [InlineData("/clusters/prod/fargate-profiles", "fargateProfileNames", "[]")]
    [InlineData("/clusters/prod/updates", "updateIds", "[]")]
    public async Task Lists_name_what_there_is(string path, string key, string names) =>
        Assert.Equal(names, (await Get(path))[key]!.ToJsonString());

    [Fact]
    public async Task A_list_comes_in_pages_of_the_size_asked_for()
    {
        var first = await Get("/clusters/prod/addons", "maxResults=2");
        Assert.Equal("""["coredns","kube-proxy"]""", first["addons"]!.ToJsonString());
        var second = await Get("/clusters/prod/addons", $"maxResults=2&nextToken={first["nextToken"]}");
        Assert.Equal("""["vpc-cni"]""", second["addons"]!.ToJsonString());
        Assert.Null(second["nextToken"]);
    }

    [Fact]
    public async Task A_cluster_says_where_it_is_served_and_which_group_is_its_own()
    {
        world.Eks.Endpoint = new("https://127.0.0.1:6443", "UEVN");
        var cluster = (await Get("/clusters/prod"))["cluster"]!;
        Assert.Equal("https://127.0.0.1:6443", cluster["endpoint"]!.ToString());
        Assert.Equal("UEVN", cluster["certificateAuthority"]!["data"]!.ToString());
        Assert.StartsWith("sg-", cluster["resourcesVpcConfig"]!["clusterSecurityGroupId"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("arn:aws:eks:eu-west-1:111122223333:cluster/prod", cluster["arn"]!.ToString());
        Assert.Null(cluster["computeConfig"]);
    }

    [Theory]
    [InlineData("GET", "/clusters/test", "", 404, "ResourceNotFoundException", "No cluster found for name: test.")]
    [InlineData("GET", "/clusters/prod/addons/x", "", 404, "ResourceNotFoundException", "No addon: x found in cluster: prod")]
    [InlineData("GET", "/clusters/prod/node-groups/x", "", 404, "ResourceNotFoundException", "No node group found for name: x.")]
    [InlineData("POST", "/clusters/prod/addons/vpc-cni/update", "{", 400, "SerializationException", "This is not JSON")]
    [InlineData(
        "POST",
        "/clusters/prod/addons/vpc-cni/update",
        """{"addonVersion":"v9.9.9-eksbuild.1"}""",
        400,
        "InvalidParameterException",
        "Addon version specified is not supported"
    )]
    [InlineData(
        "POST",
        "/clusters/prod/addons/vpc-cni/update",
        """{"resolveConflicts":"FORCE"}""",
        400,
        "InvalidParameterException",
        "Value 'FORCE' at 'resolveConflicts'"
    )]
    [InlineData(
        "POST",
        "/clusters/prod/addons/vpc-cni/update",
        """{"configurationValues":"{\"env\":{\"WARM_IP_TARGET\":5}}"}""",
        400,
        "InvalidParameterException",
        "$.env.WARM_IP_TARGET: 5 is an integer; it must be a string."
    )]
    [InlineData(
        "POST",
        "/clusters/prod/addons/vpc-cni/update",
        """{"configurationValues":"{\"env\":{\"WARM\":\"5\"}}"}""",
        400,
        "InvalidParameterException",
        "$.env.WARM: is not defined in the schema"
    )]
    [InlineData(
        "POST",
        "/clusters/prod/addons/vpc-cni/update",
        """{"configurationValues":"eniConfig:\n  create: true\n  region: eu-west-1\n"}""",
        400,
        "InvalidParameterException",
        "$.eniConfig.subnets: is missing but it is required."
    )]
    [InlineData(
        "POST",
        "/clusters/prod/node-groups/workers/update-config",
        """{"scalingConfig":{"desiredSize":99}}""",
        400,
        "InvalidParameterException",
        "99"
    )]
    [InlineData(
        "POST",
        "/clusters/prod/access-entries",
        """{"principalArn":"arn:aws:iam::111122223333:role/platform"}""",
        409,
        "ResourceInUseException",
        "already in use"
    )]
    [InlineData(
        "POST",
        "/clusters/prod/access-entries",
        """{"principalArn":"arn:aws:iam::111122223333:role/x","type":"EC3"}""",
        400,
        "InvalidParameterException",
        "Type EC3 is not supported"
    )]
    [InlineData(
        "DELETE",
        "/clusters/prod/access-entries/arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fx",
        "",
        404,
        "ResourceNotFoundException",
        "principalArn could not be found"
    )]
    [InlineData(
        "POST",
        "/clusters/prod/access-entries/arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fplatform/access-policies",
        """{"policyArn":"arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"}""",
        400,
        "InvalidParameterException",
        "accessScope is required"
    )]
    [InlineData("DELETE", "/clusters/prod", "", 404, "UnknownOperationException", "not simulated")]
    public async Task Refusals_are_EKS_own(string method, string path, string body, int status, string code, string message)
    {
        var before = world.State.History.Count;
        var answer = await Send(method, path, "", body);
        Assert.Equal(status, answer.Status);
        Assert.Contains(("x-amzn-ErrorType", code), answer.Headers);
        Assert.Contains(message, JsonNode.Parse(answer.Body.Span)!["message"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, world.State.History.Count);
    }

    [Fact]
    public async Task An_access_entry_is_made_given_a_policy_and_taken_back()
    {
        const string principal = "arn:aws:iam::111122223333:role/eks-pods",
            policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy";
        var path = $"/clusters/prod/access-entries/{Uri.EscapeDataString(principal)}";
        await Send("POST", "/clusters/prod/access-entries", "", $$$"""{"principalArn":"{{{principal}}}","type":"EC2","tags":{"a":"b"}}""");
        await Send("POST", $"{path}/access-policies", "", $$$"""{"policyArn":"{{{policy}}}","accessScope":{"type":"cluster"}}""");

        var entry = (await Get(path))["accessEntry"]!;
        Assert.Equal(("EC2", "b"), (entry["type"]!.ToString(), entry["tags"]!["a"]!.ToString()));
        Assert.Equal(policy, (await Get($"{path}/access-policies"))["associatedAccessPolicies"]![0]!["policyArn"]!.ToString());

        Assert.Equal(200, (await Send("DELETE", path, "", "")).Status);
        Assert.DoesNotContain(
            principal,
            (await Get("/clusters/prod/access-entries"))["accessEntries"]!.ToJsonString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_cluster_of_Auto_Mode_says_so_in_all_three_places()
    {
        var answer = await new EksEndpoint(new(Worlds.State("auto-mode"))).HandleAsync(
            new("GET", "/clusters/auto", "", new Dictionary<string, string>(), default),
            default
        );
        var cluster = JsonNode.Parse(answer.Body.Span)!["cluster"]!;
        Assert.Equal(
            """{"enabled":true,"nodePools":["general-purpose","system"],"nodeRoleArn":"arn:aws:iam::111122223333:role/eks-auto-node"}""",
            cluster["computeConfig"]!.ToJsonString()
        );
        Assert.Equal("true", cluster["kubernetesNetworkConfig"]!["elasticLoadBalancing"]!["enabled"]!.ToJsonString());
        Assert.Equal("true", cluster["storageConfig"]!["blockStorage"]!["enabled"]!.ToJsonString());
    }

    [Fact]
    public async Task An_update_ends_with_the_values_in_the_add_on_and_in_the_daemon_set()
    {
        var update = await UpdateAddon(Label);
        Assert.Equal("InProgress", update["status"]!.ToString());
        Assert.Equal("UPDATING", (await Addon())["status"]!.ToString());
        world.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("Successful", (await Update(update))["status"]!.ToString());
        Assert.Equal("ACTIVE", (await Addon())["status"]!.ToString());
        Assert.Equal(Label, (await Addon())["configurationValues"]!.ToString());
        Assert.Equal("true", Env("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"));
        Assert.Equal("topology.kubernetes.io/zone", Env("ENI_CONFIG_LABEL_DEF"));
        Assert.Equal("1", Env("WARM_ENI_TARGET"));
    }

    [Fact]
    public async Task What_a_new_document_leaves_out_goes_back_to_the_default()
    {
        await UpdateAddonFully("""{"env":{"WARM_ENI_TARGET":"2","WARM_IP_TARGET":"4"}}""");
        Assert.Equal(("2", "4"), (Env("WARM_ENI_TARGET"), Env("WARM_IP_TARGET")));
        await UpdateAddonFully(Label);
        Assert.Equal(("1", null), (Env("WARM_ENI_TARGET"), Env("WARM_IP_TARGET")));
        await UpdateAddonFully("");
        Assert.Equal(("false", null), (Env("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"), Env("ENI_CONFIG_LABEL_DEF")));
        Assert.Null((await Addon())["configurationValues"]);
    }

    [Fact]
    public async Task An_update_to_what_is_there_already_leaves_the_daemon_set_alone()
    {
        var before = DaemonSet().ToJsonString();
        await UpdateAddonFully("""{"env":{"WARM_ENI_TARGET":"1"}}""");
        Assert.Equal(before, DaemonSet().ToJsonString());
    }

    [Fact]
    public async Task While_an_update_runs_another_is_refused_but_the_same_request_is_the_same_update()
    {
        var first = await UpdateAddon(Label, token: "t1");
        var again = await UpdateAddon(Label, token: "t1");
        Assert.Equal(first["id"]!.ToString(), again["id"]!.ToString());
        var other = await Send("POST", "/clusters/prod/addons/vpc-cni/update", "", Body(Label, "NONE", "t2"));
        Assert.Equal(409, other.Status);
        Assert.Contains(("x-amzn-ErrorType", "ResourceInUseException"), other.Headers);
    }

    [Theory]
    [InlineData("NONE", "UPDATE_FAILED", "true", "ConfigurationConflict")]
    [InlineData("PRESERVE", "ACTIVE", "true", null)]
    [InlineData("OVERWRITE", "ACTIVE", "false", null)]
    public async Task What_somebody_set_by_hand_is_a_conflict(string resolve, string status, string value, string? issue)
    {
        SetByHand("AWS_VPC_K8S_CNI_EXTERNALSNAT", "true");
        var update = await UpdateAddon(Label, resolve);
        world.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(status, (await Addon())["status"]!.ToString());
        Assert.Equal(value, Env("AWS_VPC_K8S_CNI_EXTERNALSNAT"));
        Assert.Equal(issue, (await Addon())["health"]!["issues"]!.AsArray().FirstOrDefault()?["code"]?.ToString());
        Assert.Equal(issue is null ? "true" : "false", Env("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"));
        Assert.Equal(issue is null ? "Successful" : "Failed", (await Update(update))["status"]!.ToString());
    }

    [Fact]
    public async Task What_somebody_set_by_hand_to_the_wanted_value_is_no_conflict()
    {
        SetByHand("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "true");
        await UpdateAddonFully(Label);
        Assert.Equal("ACTIVE", (await Addon())["status"]!.ToString());
    }

    [Fact]
    public async Task ENIConfigs_in_the_values_come_change_and_go_with_them()
    {
        await UpdateAddonFully(
            WithEniConfigs("""{"eu-west-1b":{"id":"subnet-0b","securityGroups":["sg-1"]},"eu-west-1c":{"id":"subnet-0c"}}""")
        );
        Assert.Equal(["eu-west-1b subnet-0b sg-1", "eu-west-1c subnet-0c "], EniConfigs());
        await UpdateAddonFully(WithEniConfigs("""{"eu-west-1b":{"id":"subnet-0d","securityGroups":["sg-1"]}}"""));
        Assert.Equal(["eu-west-1b subnet-0d sg-1"], EniConfigs());
        await UpdateAddonFully("");
        Assert.Empty(EniConfigs());
    }

    [Fact]
    public async Task An_ENIConfig_that_somebody_else_wrote_is_a_conflict()
    {
        world.Do(() =>
            world.Objects.Create(
                "crd.k8s.amazonaws.com/v1alpha1",
                "eniconfigs",
                (JsonObject)
                    JsonNode.Parse(
                        """
                        {"apiVersion": "crd.k8s.amazonaws.com/v1alpha1", "kind": "ENIConfig",
                         "metadata": {"name": "eu-west-1b"}, "spec": {"subnet": "subnet-0e"}}
                        """
                    )!,
                "argocd"
            )
        );
        await UpdateAddonFully(WithEniConfigs("""{"eu-west-1b":{"id":"subnet-0b"}}"""));
        Assert.Equal("UPDATE_FAILED", (await Addon())["status"]!.ToString());
        Assert.Equal(["eu-west-1b subnet-0e "], EniConfigs());
    }

    [Fact]
    public async Task A_new_version_changes_the_images_too()
    {
        await Send("POST", "/clusters/prod/addons/vpc-cni/update", "", """{"addonVersion":"v1.20.5-eksbuild.1"}""");
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("v1.20.5-eksbuild.1", (await Addon())["addonVersion"]!.ToString());
        Assert.EndsWith("amazon-k8s-cni:v1.20.5-eksbuild.1", Container()["image"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("v1.20.5", Env("VPC_CNI_VERSION"));
        Assert.Equal("""{"env":{"WARM_ENI_TARGET":"1"}}""", (await Addon())["configurationValues"]!.ToString());
    }

    [Fact]
    public async Task The_schema_of_a_version_is_a_string_and_knows_the_variables_of_that_version()
    {
        var answer = await Get("/addons/configuration-schemas", "addonName=vpc-cni&addonVersion=v1.18.3-eksbuild.1");
        var schema = JsonNode.Parse(answer["configurationSchema"]!.ToString())!;
        var env = schema["definitions"]!["Env"]!["properties"]!.AsObject();
        Assert.True(env.ContainsKey("ENI_CONFIG_LABEL_DEF"));
        Assert.False(env.ContainsKey("ENABLE_MULTI_NIC"));
        var versions = (await Get("/addons/supported-versions", "addonName=vpc-cni"))["addons"]![0]!["addonVersions"]!.AsArray();
        Assert.Contains(versions, version => version!["addonVersion"]!.ToString() == "v1.20.4-eksbuild.1");
    }

    [Fact]
    public async Task A_node_groups_size_can_be_changed()
    {
        var answer = await Send("POST", "/clusters/prod/node-groups/workers/update-config", "", """{"scalingConfig":{"desiredSize":7}}""");
        Assert.Equal(200, answer.Status);
        world.Advance(TimeSpan.FromSeconds(1));
        var group = (await Get("/clusters/prod/node-groups/workers"))["nodegroup"]!;
        Assert.Equal("""{"minSize":4,"maxSize":9,"desiredSize":7}""", group["scalingConfig"]!.ToJsonString());
        Assert.Equal("ACTIVE", group["status"]!.ToString());
        var id = JsonNode.Parse(answer.Body.Span)!["update"]!["id"]!;
        Assert.Equal("Successful", (await Get($"/clusters/prod/updates/{id}", "nodegroupName=workers"))["update"]!["status"]!.ToString());
    }

    [Fact]
    public async Task An_access_entry_is_found_under_its_principal()
    {
        const string Principal = "arn:aws:iam::111122223333:role/auto";
        await Send("POST", "/clusters/prod/access-entries", "", $$"""{"principalArn":"{{Principal}}","type":"EC2"}""");
        var entry = (await Get($"/clusters/prod/access-entries/{Uri.EscapeDataString(Principal)}"))["accessEntry"]!;
        Assert.Equal("EC2", entry["type"]!.ToString());
        Assert.Contains(Principal, (await Get("/clusters/prod/access-entries"))["accessEntries"]!.AsArray().Select(one => one!.ToString()));
    }

    private static string WithEniConfigs(string subnets) =>
        $$$"""{"eniConfig":{"create":true,"region":"eu-west-1","subnets":{{{subnets}}}}}""";

    private static string Body(string values, string resolve, string token) =>
        new JsonObject
        {
            ["configurationValues"] = values,
            ["resolveConflicts"] = resolve,
            ["clientRequestToken"] = token,
        }.ToJsonString();

    private async Task<JsonNode> UpdateAddon(string values, string resolve = "NONE", string token = "")
    {
        var answer = await Send("POST", "/clusters/prod/addons/vpc-cni/update", "", Body(values, resolve, token));
        Assert.Equal(200, answer.Status);
        return JsonNode.Parse(answer.Body.Span)!["update"]!;
    }

    private async Task UpdateAddonFully(string values)
    {
        await UpdateAddon(values);
        world.Advance(TimeSpan.FromSeconds(1));
    }

    private async Task<JsonNode> Addon() => (await Get("/clusters/prod/addons/vpc-cni"))["addon"]!;

    private async Task<JsonNode> Update(JsonNode update) =>
        (await Get($"/clusters/prod/updates/{update["id"]}", "addonName=vpc-cni"))["update"]!;

    private JsonObject DaemonSet() => world.Objects.Find("apps/v1", "daemonsets", "kube-system", "aws-node")!;

    private JsonNode Container() => DaemonSet()["spec"]!["template"]!["spec"]!["containers"]![0]!;

    private string? Env(string name) =>
        Container()["env"]!.AsArray().FirstOrDefault(item => item!["name"]!.ToString() == name)?["value"]!.ToString();

    private IEnumerable<string> EniConfigs() =>
        world
            .Objects.List("crd.k8s.amazonaws.com/v1alpha1", "eniconfigs")
            .Select(config => $"{config["metadata"]!["name"]} {config["spec"]!["subnet"]} {config["spec"]!["securityGroups"]?[0]}");

    private void SetByHand(string name, string value) =>
        world.Do(() =>
        {
            var changed = (JsonObject)DaemonSet().DeepClone();
            changed["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray().First(item => item!["name"]!.ToString() == name)![
                "value"
            ] = value;
            return world.Objects.Update("apps/v1", "daemonsets", changed, "kubectl-set");
        });

    private async Task<JsonNode> Get(string path, string query = "")
    {
        var answer = await Send("GET", path, query, "");
        Assert.Equal(200, answer.Status);
        return JsonNode.Parse(answer.Body.Span)!;
    }

    private Task<TwinResponse> Send(string method, string path, string query, string body) =>
        endpoint.HandleAsync(
            new(method, path, query, new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body)),
            CancellationToken.None
        );
}
