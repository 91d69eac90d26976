using System.Text.Json.Nodes;

namespace Podspace.ServerTests;

/// <summary>The real kubectl, new and old, does on the guide's cluster what people do.</summary>
public sealed class KubectlTests
{
    private const string Node = "ip-10-196-24-135.eu-west-1.compute.internal";

    private const string Manifests = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, namespace: default}
        data: {a: "1"}
        ---
        apiVersion: crd.k8s.amazonaws.com/v1alpha1
        kind: ENIConfig
        metadata: {name: eu-west-1b}
        spec: {subnet: subnet-0aaa, securityGroups: [sg-1]}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: small, namespace: default}
        spec:
          replicas: 2
          selector: {matchLabels: {app: small}}
          template:
            metadata: {labels: {app: small}}
            spec: {containers: [{name: c, image: i, env: [{name: A, value: "1"}]}]}
        """;

    public static TheoryData<string> Versions => ["kubectl", "kubectl-1.20"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Getting_prints_rows_and_columns(string version)
    {
        await using var kubectl = await Kubectl.StartAsync(version);
        var all = await kubectl.AskAsync("get eniconfigs,nodes,pods -A");
        Assert.Matches(@"NAME +STATUS +ROLES +AGE +VERSION", all);
        Assert.Matches($@"node/{Node} +Ready +<none> +\d+d +v1\.33", all);
        Assert.Matches(@"kube-system +pod/aws-node-[a-z0-9]{5} +2/2 +Running +0 ", all);
        Assert.Matches(@"aws-node +6 +6 +6 +6 +6 +<none> ", await kubectl.AskAsync("get daemonsets -n kube-system"));
        Assert.Matches(@"api +10 +N/A +4 ", await kubectl.AskAsync("get pdb -n shop"));
        Assert.Matches(@"10\.196\.24\.135 +<none> +Amazon Linux", await kubectl.AskAsync("get nodes -o wide"));
        Assert.Equal("", await kubectl.AskAsync("get pods -n shop -l app=nobody"));
    }

    /// <summary>As podspace render kubernetes prints them, with the ids of the node subnets in place of the pods'.</summary>
    private const string AutoMode = """
        apiVersion: eks.amazonaws.com/v1
        kind: NodeClass
        metadata: {name: pods, labels: {podspace.io/overlay: shop}}
        spec:
          role: eks-auto-node
          subnetSelectorTerms: [{id: subnet-01b6d2f8a4c07e391}, {id: subnet-02e9c5a1b7d3f4806}]
          securityGroupSelectorTerms: [{id: sg-03f5a7c9e1b2d4680}]
          podSubnetSelectorTerms: [{id: subnet-01b6d2f8a4c07e391}, {id: subnet-02e9c5a1b7d3f4806}]
          podSecurityGroupSelectorTerms: [{id: sg-03f5a7c9e1b2d4680}]
          snatPolicy: Random
          advancedNetworking: {ipv4PrefixSize: Auto}
        ---
        apiVersion: karpenter.sh/v1
        kind: NodePool
        metadata: {name: pods, labels: {podspace.io/overlay: shop}}
        spec:
          weight: 1
          limits: {cpu: "8"}
          template:
            spec:
              nodeClassRef: {group: eks.amazonaws.com, kind: NodeClass, name: pods}
              requirements: [{key: kubernetes.io/os, operator: In, values: [linux]}]
        """;

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Auto_Modes_objects_are_listed_applied_changed_and_deleted(string version)
    {
        await using var kubectl = await Kubectl.StartAsync(version, "auto-mode");
        Assert.Matches(@"general-purpose +default ", await kubectl.AskAsync("get nodepools"));
        Assert.Matches(@"nodeclass\.eks\.amazonaws\.com/default ", await kubectl.AskAsync("get nodeclasses,nodepools"));

        var made = await kubectl.AskAsync("apply --server-side --field-manager argocd-controller -f -", AutoMode);
        Assert.Contains("nodeclass.eks.amazonaws.com/pods", made, StringComparison.Ordinal);
        Assert.Contains("nodepool.karpenter.sh/pods", made, StringComparison.Ordinal);
        await kubectl.AskAsync("wait --for=condition=Ready nodeclass/pods --timeout=30s");

        Assert.Contains(
            "conflict",
            await kubectl.RefusedAsync(
                "apply --server-side --field-manager somebody -f -",
                AutoMode.Replace("snatPolicy: Random", "snatPolicy: Disabled", StringComparison.Ordinal)
            ),
            StringComparison.Ordinal
        );
        await kubectl.AskAsync("""patch nodepool pods --type=merge -p {"spec":{"limits":{"cpu":"0"}}}""");
        Assert.Equal("0", await kubectl.AskAsync("get nodepool pods -o jsonpath={.spec.limits.cpu}"));

        await kubectl.AskAsync("delete nodepool pods");
        await kubectl.AskAsync("delete nodeclass pods");
        Assert.DoesNotContain("pods", await kubectl.AskAsync("get nodepools"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Objects_come_as_YAML_JSON_and_by_path(string version)
    {
        await using var kubectl = await Kubectl.StartAsync(version);
        Assert.StartsWith(
            "apiVersion: apps/v1\nkind: DaemonSet\n",
            await kubectl.AskAsync("get ds aws-node -n kube-system -o yaml"),
            StringComparison.Ordinal
        );
        var pods = JsonNode.Parse(await kubectl.AskAsync($"get pods -A -o json --field-selector spec.nodeName={Node}"))![
            "items"
        ]!.AsArray();
        Assert.All(pods, pod => Assert.Equal(Node, (string?)pod!["spec"]!["nodeName"]));
        Assert.NotEmpty(pods);
        Assert.Equal("29", await kubectl.AskAsync($"get node {Node} -o jsonpath={{.status.capacity.pods}}"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Applying_creates_changes_and_then_rests(string version)
    {
        await using var kubectl = await Kubectl.StartAsync(version);
        Assert.Equal(
            "configmap/settings created\neniconfig.crd.k8s.amazonaws.com/eu-west-1b created\ndeployment.apps/small created\n",
            await kubectl.AskAsync("apply -f -", Manifests)
        );
        var changed = Manifests.Replace("a: \"1\"", "b: \"2\"", StringComparison.Ordinal).Replace("0aaa", "0bbb", StringComparison.Ordinal);
        Assert.Equal(
            "configmap/settings configured\neniconfig.crd.k8s.amazonaws.com/eu-west-1b configured\ndeployment.apps/small unchanged\n",
            await kubectl.AskAsync("apply -f -", changed)
        );
        Assert.DoesNotContain("configured", await kubectl.AskAsync("apply -f - --dry-run=server", changed), StringComparison.Ordinal);
        Assert.Equal("""{"b":"2"}""", await kubectl.AskAsync("get configmap settings -o jsonpath={.data}"));
        Assert.Contains("successfully rolled out", await kubectl.AskAsync("rollout status deployment/small"), StringComparison.Ordinal);
        Assert.Contains(
            "condition met",
            await kubectl.AskAsync("wait --for=condition=Available deployment/small --timeout=30s"),
            StringComparison.Ordinal
        );
        await kubectl.AskAsync("delete -f -", Manifests);
        Assert.Contains("NotFound", await kubectl.RefusedAsync("get configmap settings"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Applying_on_the_server_keeps_owners_apart(string version)
    {
        await using var kubectl = await Kubectl.StartAsync(version);
        await kubectl.AskAsync("apply --server-side --field-manager=one -f -", Manifests);
        var changed = Manifests.Replace("value: \"1\"", "value: \"2\"", StringComparison.Ordinal);
        var refusal = await kubectl.RefusedAsync("apply --server-side --field-manager=two -f -", changed);
        Assert.Contains(
            "conflict with \"one\": .spec.template.spec.containers[name=\"c\"].env[name=\"A\"].value",
            refusal,
            StringComparison.Ordinal
        );
        await kubectl.AskAsync("apply --server-side --force-conflicts --field-manager=two -f -", changed);
        Assert.Equal("2", await kubectl.AskAsync("get deployment small -o jsonpath={.spec.template.spec.containers[0].env[0].value}"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task An_environment_variable_set_by_hand_rolls_the_pods(string version)
    {
        await using var kubectl = await Kubectl.StartAsync(version);
        var before = await kubectl.AskAsync("get pods -n kube-system -l k8s-app=aws-node -o name");
        await kubectl.AskAsync("set env daemonset aws-node -n kube-system AWS_VPC_K8S_CNI_EXTERNALSNAT=true");
        Assert.Contains(
            "successfully rolled out",
            await kubectl.AskAsync("rollout status daemonset/aws-node -n kube-system --timeout=50s"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "AWS_VPC_K8S_CNI_EXTERNALSNAT=true",
            await kubectl.AskAsync("set env daemonset/aws-node -n kube-system --list"),
            StringComparison.Ordinal
        );
        var after = await kubectl.AskAsync("get pods -n kube-system -l k8s-app=aws-node -o name");
        Assert.Equal(6, after.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Empty(before.Split('\n', StringSplitOptions.RemoveEmptyEntries).Intersect(after.Split('\n')));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Patches_of_each_type_labels_and_scales_are_taken(string version)
    {
        await using var kubectl = await Kubectl.StartAsync(version);
        await kubectl.AskAsync("create -f -", Manifests);
        await kubectl.AskAsync("""patch configmap settings --type=merge -p {"data":{"b":"2"}}""");
        await kubectl.AskAsync("""patch configmap settings --type=json -p [{"op":"replace","path":"/data/a","value":"3"}]""");
        await kubectl.AskAsync("""patch eniconfig eu-west-1b --type=merge -p {"spec":{"subnet":"subnet-0bbb"}}""");
        await kubectl.AskAsync("""patch deployment small -p {"spec":{"template":{"spec":{"containers":[{"name":"c","image":"j"}]}}}}""");
        await kubectl.AskAsync("label configmap settings tier=front");
        await kubectl.AskAsync("annotate configmap settings note=kept");
        await kubectl.AskAsync("scale deployment small --replicas=3");
        Assert.Equal("""{"a":"3","b":"2"}""", await kubectl.AskAsync("get configmap settings -o jsonpath={.data}"));
        Assert.Equal("subnet-0bbb", await kubectl.AskAsync("get eniconfig eu-west-1b -o jsonpath={.spec.subnet}"));
        Assert.Equal(
            "j-A-3",
            await kubectl.AskAsync(
                "get deployment small -o "
                    + "jsonpath={.spec.template.spec.containers[0].image}-{.spec.template.spec.containers[0].env[0].name}-{.spec.replicas}"
            )
        );
        Assert.Equal("settings", await kubectl.AskAsync("get configmaps -l tier=front -o jsonpath={.items[*].metadata.name}"));
    }

    // Newer kubectl sends these as protobuf.
    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_kubectl_makes_up_by_itself_is_created(string version)
    {
        await using var kubectl = await Kubectl.StartAsync(version);
        await kubectl.AskAsync("create namespace stage");
        await kubectl.AskAsync("create configmap settings -n stage --from-literal=a=1 --from-literal=b=2");
        await kubectl.AskAsync("create secret generic key -n stage --from-literal=k=v");
        await kubectl.AskAsync("create serviceaccount robot -n stage");
        await kubectl.AskAsync("create deployment web -n stage --image=registry.example/web:1 --replicas=2");
        await kubectl.AskAsync("create poddisruptionbudget web -n stage --selector=app=web --min-available=50%");
        Assert.Equal("""{"a":"1","b":"2"}""", await kubectl.AskAsync("get configmap settings -n stage -o jsonpath={.data}"));
        Assert.Equal("dg==", await kubectl.AskAsync("get secret key -n stage -o jsonpath={.data.k}"));
        Assert.Contains(
            "successfully rolled out",
            await kubectl.AskAsync("rollout status deployment/web -n stage --timeout=50s"),
            StringComparison.Ordinal
        );
        Assert.Equal("1", await kubectl.AskAsync("get pdb web -n stage -o jsonpath={.status.disruptionsAllowed}"));
        Assert.Equal("yes\n", await kubectl.AskAsync("auth can-i create pods"));
        await kubectl.AskAsync("delete namespace stage");
        Assert.Equal("", await kubectl.AskAsync("get pods -n stage"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Draining_moves_every_pod_but_those_of_DaemonSets(string version)
    {
        await using var kubectl = await Kubectl.StartAsync(version);
        await kubectl.AskAsync($"drain {Node} --ignore-daemonsets --force --timeout=50s");
        Assert.Contains("Ready,SchedulingDisabled", await kubectl.AskAsync($"get node {Node}"), StringComparison.Ordinal);
        var left = await kubectl.AskAsync(
            $"get pods -A --field-selector spec.nodeName={Node} -o jsonpath={{.items[*].metadata.ownerReferences[0].kind}}"
        );
        Assert.Equal("DaemonSet DaemonSet", left);
        await kubectl.AskAsync($"uncordon {Node}");
        Assert.DoesNotContain("SchedulingDisabled", await kubectl.AskAsync($"get node {Node}"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_disruption_budget_holds_a_drain_up(string version)
    {
        await using var kubectl = await Kubectl.StartAsync(version);
        await kubectl.AskAsync("""patch pdb web -n shop --type=merge -p {"spec":{"minAvailable":16}}""");
        var refusal = await kubectl.RefusedAsync($"drain {Node} --ignore-daemonsets --force --pod-selector=app=web --timeout=2s");
        Assert.Contains("Cannot evict pod as it would violate the pod's disruption budget.", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Watching_prints_what_happens_as_it_happens(string version)
    {
        await using var kubectl = await Kubectl.StartAsync(version);
        await kubectl.AskAsync("create -f -", Manifests);
        await using var lines = kubectl.FollowAsync("get configmaps -w --output-watch-events").GetAsyncEnumerator();
        Assert.StartsWith("EVENT", await Next(), StringComparison.Ordinal);
        Assert.StartsWith("ADDED", await Next(), StringComparison.Ordinal);
        await kubectl.AskAsync("""patch configmap settings --type=merge -p {"data":{"b":"2"}}""");
        Assert.Matches("^MODIFIED +settings +2 ", await Next());
        await kubectl.AskAsync("delete configmap settings");
        Assert.StartsWith("DELETED", await Next(), StringComparison.Ordinal);

        async Task<string> Next()
        {
            Assert.True(await lines.MoveNextAsync());
            return lines.Current;
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Describing_works_and_what_needs_containers_says_why_not(string version)
    {
        await using var kubectl = await Kubectl.StartAsync(version);
        Assert.Contains(
            "topology.kubernetes.io/zone=eu-west-1c",
            await kubectl.AskAsync($"describe node {Node}"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Controlled By:  DaemonSet/aws-node",
            await kubectl.AskAsync("describe pods -n kube-system -l k8s-app=aws-node"),
            StringComparison.Ordinal
        );
        await kubectl.AskAsync("describe daemonset aws-node -n kube-system");
        Assert.Contains(
            "this cluster is simulated: its pods run no containers",
            await kubectl.RefusedAsync("logs -n kube-system deployment/coredns"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "the server doesn't have a resource type \"unicorns\"",
            await kubectl.RefusedAsync("get unicorns"),
            StringComparison.Ordinal
        );
    }
}
