using System.Text.Json.Nodes;
using Podspace.Addressing;
using Podspace.Applying;
using Podspace.Cli;
using Podspace.Observed;
using Podspace.Rendering.Policies;
using Podspace.Spec;
using Podspace.Steps;
using Podspace.Steps.Calls;
using Podspace.Tests.Applying;
using Podspace.Tests.Design;
using Podspace.Tests.House;
using Podspace.Twin;
using Podspace.Twin.Aws;
using Podspace.Twin.Kubernetes;

namespace Podspace.Tests.Rendering;

/// <summary>The rendered rights are those of the calls that whole runs make: none is missing, none is too much.</summary>
public sealed class GrantTests
{
    private const string Gateway = "tgw-04104cab3948eba42";

    [Fact]
    public void The_guide_s_rights_in_AWS_read_as_they_should() =>
        Golden.Matches(IamPolicy.Render(Guide.Spec, Grant.Nodes), "Rendering/iam.golden");

    [Fact]
    public void The_guide_s_rights_in_the_cluster_read_as_they_should() =>
        Golden.Matches(RbacManifest.Render(Guide.Spec, Grant.Nodes), "Rendering/rbac.golden");

    [Fact]
    public void A_policy_of_every_right_is_small_enough_for_IAM()
    {
        // Source: IAM User Guide, "IAM and AWS STS quotas": 6,144 characters in a managed policy, white space apart.
        Assert.InRange(IamPolicy.Render(Guide.Spec, Grant.Nodes).Count(letter => !char.IsWhiteSpace(letter)), 1_000, 6_144);
    }

    [Fact]
    public void Reading_alone_changes_nothing()
    {
        Assert.All(
            Actions(Guide.Spec, Grant.ReadOnly),
            action => Assert.Matches("^(ec2|eks|sts|servicequotas|autoscaling):(Describe|Get|List)", action)
        );
        Assert.All(Verbs(Guide.Spec, Grant.ReadOnly), right => Assert.Matches("^(get|list) ", right));
    }

    [Fact]
    public void What_another_owner_writes_needs_no_right()
    {
        var spec = Guide.Spec with { Owners = new(Owner.Terraform, Owner.Terraform, Owner.Git, Owner.Existing) };

        Assert.Equal(["ec2:CreateTags", "ec2:DeleteTags"], Actions(spec, Grant.Nodes).Except(Actions(spec, Grant.ReadOnly)));
        Assert.Equal(
            [
                "create leases.coordination.k8s.io",
                "create selfsubjectaccessreviews.authorization.k8s.io",
                "delete leases.coordination.k8s.io",
                "update leases.coordination.k8s.io",
            ],
            Verbs(spec, Grant.Nodes).Except(Verbs(spec, Grant.ReadOnly)).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_call_of_every_kind_of_step_is_granted(string name)
    {
        var shared = Worlds.All().Single(estate => estate.Name == "shared-vpc").Spec;
        var spec = shared with { Subnets = new(NetworkAcl: "acl-0f00d5e7ac1b20001") };
        var inventory = SmallVpc.Guide();
        var context = new RehearsalContext(spec, inventory, ActualNetwork.From(inventory, spec.Name, spec.Cluster).Ids);

        var calls = EveryChange.Of(name).Calls(context).ToList();

        Assert.NotEmpty(calls);
        Assert.Empty(calls.SelectMany(call => call.Rights).Except(Actions(spec, Grant.Nodes)).Except(Verbs(spec, Grant.Nodes)));
    }

    public static TheoryData<string> Names => EveryChange.Names;

    [Fact]
    [Trait("speed", "slow")]
    public async Task Whole_runs_make_no_call_without_its_right_and_every_right_is_used()
    {
        var (used, missing) = (new HashSet<string>(), new HashSet<string>());
        foreach (var (world, specs) in Runs())
        {
            using var bench = new Bench(world);
            // With a second for each call the lock has to be renewed on the way. Of two accounts one
            // look takes more calls than a lock lives seconds.
            var each = TimeSpan.FromSeconds(specs[0].Spec.Access.AreTwoAccounts() ? 0.5 : 1);
            using var slow = new Watch(
                new TwinHandler(new AwsEndpoint(bench.World), new KubernetesEndpoint(bench.World)),
                () => bench.World.Advance(each)
            );
            using var wire = new Denying(slow, _ => false);
            foreach (var (spec, job) in specs)
            {
                using var said = new StringWriter();
                job.Before?.Invoke(bench.World);
                await using var connections = Connections.ToTwin(bench.World, spec, "test", wire);
                var exit = await job.Run(new(said, said, TextReader.Null, false), new(spec, connections), default);
                Assert.True(exit == ExitCode.Fine, $"{job}: {said}");
            }
            // What is asked of everybody: where the parts of the API are. Source: Kubernetes, "Default roles", system:discovery.
            // Which roles somebody may assume, the account says in which his credentials are.
            var calls = wire.Calls.Where(call => call.Call is not ("get discovery" or "AssumeRole")).SelectMany(Rights).ToHashSet();
            var spec0 = specs[0].Spec;
            used.UnionWith(calls);
            missing.UnionWith(calls.Except(Actions(spec0, Grant.Nodes)).Except(Verbs(spec0, Grant.Nodes)));
        }

        Assert.Empty(missing);
        Assert.Empty(
            Grants
                .Aws.Select(grant => grant.Action)
                .Concat(Grants.Cluster.Select(grant => $"{grant.Permission.Verb} {grant.Permission.Resource}"))
                .Except(used)
        );
    }

    /// <summary>Worlds, and what is done in each: the whole job of every example, and what else a spec can ask for.</summary>
    private static IEnumerable<(Podspace.Simulation.World World, List<(OverlaySpec Spec, Job Job)> Jobs)> Runs()
    {
        foreach (var estate in Worlds.All())
        {
            yield return (Bench.Load(estate.Small().World), [.. estate.Jobs.Select(job => (estate.Spec, job))]);
        }
        var (apply, destroy) = (Stop(Stage.Admit), Job.All[^1]);
        var objects = Guide.Spec with { Cni = Guide.Spec.Cni with { EniConfigs = EniConfigWriter.Objects } };
        yield return (Guide.World(), [(objects, apply), (objects, destroy)]);
        var dedicated = Guide.Spec with { Security = new(PodGroups.Dedicated) };
        yield return (Guide.World(), [(dedicated, apply), (dedicated, destroy)]);
        yield return (Guide.World(), [(Guide.Spec, apply), (Guide.Spec, Swept())]);
        var acl = Guide.World();
        acl.State.Aws.NetworkAcls.Add(
            new()
            {
                NetworkAclId = "acl-0f00d5e7ac1b20001",
                VpcId = Guide.Spec.Vpc,
                Entries = [new() { RuleNumber = 100 }, new() { RuleNumber = 100, Egress = true }],
            }
        );
        var fenced = Guide.Spec with { Subnets = new(NetworkAcl: "acl-0f00d5e7ac1b20001") };
        yield return (acl, [(fenced, apply), (fenced, destroy)]);
        var ownRole = Guide.AutoSpec with { AutoMode = Guide.AutoSpec.AutoMode with { NodeClassRole = "eks-pods" } };
        yield return (Guide.AutoWorld(), [(ownRole, apply), (ownRole, destroy)]);
        var lists = Guide.World();
        lists.State.Aws.PrefixLists.Add(
            new()
            {
                PrefixListId = "pl-0aa11bb22cc33dd44",
                PrefixListName = "office",
                MaxEntries = 5,
                Entries = [new() { Cidr = "10.9.0.0/16" }],
            }
        );
        lists.State.Aws.RouteTables[0].Routes.Add(new() { DestinationPrefixListId = "pl-0aa11bb22cc33dd44", TransitGatewayId = Gateway });
        yield return (lists, [(Guide.Spec, apply)]);
        yield return (WithLaunchPaths(), [(Guide.Spec, apply)]);
        var shared = Worlds.All().Single(estate => estate.Name == "shared-vpc");
        var (one, two) = (shared.Spec with { Cluster = null, Zones = ["eu-west-1b"] }, shared.Spec with { Cluster = null });
        yield return (Bench.Load(shared.Small().World), [(one, apply), (two, apply), (one, apply), (one, destroy)]);
        var (cidr, other) = (Cidr.Parse("10.0.0.0/8"), Cidr.Parse("172.16.0.0/12"));
        OverlaySpec Routed(params RouteSpec[] routes) => Guide.Spec with { Cluster = null, Routing = new(Routes: [.. routes]) };
        yield return (
            Guide.World(),
            [
                (Routed(new RouteSpec(cidr, Gateway, null), new RouteSpec(other, Gateway, null)), apply),
                (Routed(new RouteSpec(cidr, Gateway, null)), apply),
                (Routed(new RouteSpec(cidr, Gateway, "eu-west-1b")), apply),
                (Routed(), apply),
                (Routed(), destroy),
            ]
        );
    }

    /// <summary>Templates are read where somebody starts nodes by them, Karpenter's settings where it has node classes.</summary>
    private static Podspace.Simulation.World WithLaunchPaths()
    {
        var world = Guide.World();
        var aws = world.State.Aws;
        aws.Nodegroups.Add(
            new()
            {
                NodegroupName = "spare",
                ClusterName = "prod",
                AmiType = "CUSTOM",
                Subnets = aws.Nodegroups[0].Subnets,
                ScalingConfig = new() { MaxSize = 3 },
                LaunchTemplate = new() { Id = "lt-0a", Version = "1" },
            }
        );
        aws.LaunchTemplateVersions.Add(
            new()
            {
                LaunchTemplateId = "lt-0a",
                LaunchTemplateData = new() { ImageId = "ami-0a" },
            }
        );
        world.Do(() =>
            world.Objects.Create(
                "karpenter.k8s.aws/v1",
                "ec2nodeclasses",
                new JsonObject
                {
                    ["apiVersion"] = "karpenter.k8s.aws/v1",
                    ["kind"] = "EC2NodeClass",
                    ["metadata"] = new JsonObject { ["name"] = "general" },
                    ["spec"] = new JsonObject(),
                },
                "test"
            )
        );
        return world;
    }

    /// <summary>Once a node that is gone has left an interface behind.</summary>
    private static Job Swept() =>
        new(
            "destroy --sweep",
            (terminal, session, cancel) =>
                DestroyCommand.DestroyAsync(terminal, session, new([], null, null, true), true, cancel, Stage.Network, sweeps: true)
        )
        {
            Before = world => SweepTests.Leave(world, "i-0aaaaaaaaaaaaaaaa", "prod", "2026-01-01T00:00:00Z"),
        };

    private static Job Stop(Stage stage) =>
        new(
            "apply",
            (terminal, session, cancel) =>
                ApplyCommand.ApplyAsync(terminal, session, new([], null, null, true), new(stage, true, true), cancel)
        );

    /// <summary>Applying what is not there creates it, and takes both. Source: Kubernetes, "Server-Side Apply".</summary>
    private static IEnumerable<string> Rights(Asked call) =>
        call switch
        {
            { Call: "patch eniconfigs.crd.k8s.amazonaws.com" or "patch nodeclasses.eks.amazonaws.com" or "patch nodepools.karpenter.sh" } =>
                [call.Call, call.Call.Replace("patch", "create")],
            { Service: "kubernetes" } => [call.Call],
            { Service: "ram", Call: "CreateResourceShare" } => ["ram:CreateResourceShare", "ram:TagResource"],
            _ => [$"{call.Service}:{call.Call}"],
        };

    private static HashSet<string> Actions(OverlaySpec spec, Grant upTo) =>
        [.. IamPolicy.Files(spec, upTo).SelectMany(file => Actions(file.Text))];

    internal static IEnumerable<string> Actions(string policy) =>
        JsonNode.Parse(policy)!["Statement"]!
            .AsArray()
            .SelectMany(statement => statement!["Action"]!.AsArray())
            .Select(action => action!.ToString());

    /// <summary>As the manifest grants them: its text is read, not the table behind it.</summary>
    private static HashSet<string> Verbs(OverlaySpec spec, Grant upTo)
    {
        var rights = new HashSet<string>();
        foreach (var document in RbacManifest.Render(spec, upTo).Split("---\n", StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var rule in Podspace.Formats.Yaml.YamlJson.Read(document)!["rules"] as JsonArray ?? [])
            {
                var group = rule!["apiGroups"]![0]!.ToString() is { Length: > 0 } name ? $".{name}" : "";
                rights.UnionWith(rule["verbs"]!.AsArray().Select(verb => $"{verb} {rule["resources"]![0]}{group}"));
            }
        }
        return rights;
    }
}
