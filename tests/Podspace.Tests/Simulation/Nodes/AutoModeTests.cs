using System.Text.Json.Nodes;
using Podspace.Simulation;
using Podspace.Simulation.Kubernetes;
using Podspace.Simulation.Nodes;

namespace Podspace.Tests.Simulation.Nodes;

/// <summary>Auto Mode in examples/auto-mode, with a class and a pool beside the built-in ones.</summary>
public sealed class AutoModeTests
{
    private const string Class = "eks.amazonaws.com/v1";
    private const string Karpenter = "karpenter.sh/v1";
    private const string NodesB = "subnet-01b6d2f8a4c07e391",
        NodesC = "subnet-02e9c5a1b7d3f4806",
        PodsB = "subnet-0podsb",
        PodsC = "subnet-0podsc",
        Group = "sg-03f5a7c9e1b2d4680";

    private readonly World world = new(Worlds.State("auto-mode"));

    public AutoModeTests()
    {
        var aws = world.State.Aws;
        aws.Vpcs[0].CidrBlockAssociationSet.Add(new() { AssociationId = "vpc-cidr-assoc-0pods", CidrBlock = "100.64.0.0/16" });
        aws.Subnets.Add(
            new()
            {
                SubnetId = PodsB,
                VpcId = aws.Vpcs[0].VpcId,
                CidrBlock = "100.64.0.0/18",
                AvailabilityZone = "eu-west-1b",
            }
        );
        aws.Subnets.Add(
            new()
            {
                SubnetId = PodsC,
                VpcId = aws.Vpcs[0].VpcId,
                CidrBlock = "100.64.64.0/18",
                AvailabilityZone = "eu-west-1c",
            }
        );
    }

    [Fact]
    public void New_nodes_come_from_the_pool_of_the_highest_weight_and_put_pods_into_its_class_pod_subnets()
    {
        Apply(NewClass([PodsB, PodsC]));
        Apply(NewPool());
        Scale("api", 400);

        var fresh = Nodes("ours");
        Assert.NotEmpty(fresh);
        Assert.Empty(Nodes("general-purpose").Skip(3));
        foreach (var node in fresh)
        {
            Assert.Equal(NodeObjects.InstanceOf(node), node.Name());
            Assert.Equal("110", node.Text("status", "capacity", "pods"));
            var interfaces = world.Compute.InterfacesOf(node.Name()).ToList();
            Assert.Equal((0, 1), (interfaces[0].Ipv4Prefixes.Count, interfaces[0].PrivateIpAddresses.Count));
            Assert.All(
                interfaces.Skip(1),
                one => Assert.Equal(node.Label("topology.kubernetes.io/zone") == "eu-west-1b" ? PodsB : PodsC, one.SubnetId)
            );
            Assert.All(interfaces.Skip(1), one => Assert.NotEmpty(one.Ipv4Prefixes));
            Assert.All(PodsOn(node), pod => Assert.StartsWith("100.64.", pod.Text("status", "podIP"), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Without_a_pod_subnet_in_the_nodes_zone_its_pods_get_no_address()
    {
        Apply(NewClass([PodsB]));
        Apply(NewPool(zone: "eu-west-1c"));
        Scale("api", 400);

        var node = Assert.Single(Nodes("ours").Take(1));
        Assert.True(node.IsReady());
        Assert.All(PodsOn(node), pod => Assert.Null(pod.Text("status", "podIP")));
        Assert.Contains(
            world.Objects.List("v1", "events"),
            found => found.Text("message")!.Contains("failed to assign an IP address", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("32", false)]
    [InlineData("Auto", true)]
    public void Pods_get_single_addresses_where_the_class_says_so_or_no_whole_prefix_is_left(string size, bool isSplintered)
    {
        if (isSplintered)
        {
            // One address in each /28 of a /26: room for singles, none for a prefix.
            foreach (var (id, block) in ((string, string)[])[(PodsB, "100.64.0."), (PodsC, "100.64.64.")])
            {
                world.State.Aws.Subnets.Find(subnet => subnet.SubnetId == id)!.CidrBlock = block + "0/26";
                foreach (var last in (int[])[10, 20, 40, 50])
                {
                    world.State.Aws.NetworkInterfaces.Add(
                        new()
                        {
                            NetworkInterfaceId = $"eni-0{id}{last}",
                            SubnetId = id,
                            Status = "available",
                            PrivateIpAddresses = [$"{block}{last}"],
                        }
                    );
                }
            }
        }
        Apply(NewClass([PodsB, PodsC], size));
        Apply(NewPool());
        Scale("api", 345);

        var node = Nodes("ours")[0];
        Assert.Equal(size == "32" ? "18" : "110", node.Text("status", "capacity", "pods"));
        Assert.All(world.Compute.InterfacesOf(node.Name()), one => Assert.Empty(one.Ipv4Prefixes));
        Assert.Contains(PodsOn(node), pod => pod.Text("status", "podIP")?.StartsWith("100.64.", StringComparison.Ordinal) is true);
    }

    [Fact]
    public void A_node_whose_role_has_no_access_entry_never_joins()
    {
        var role = NewClass([PodsB, PodsC]);
        role.Put("eks-pods", "spec", "role");
        Apply(role);
        Apply(NewPool());
        Scale("api", 400);
        Assert.Empty(Nodes("ours"));
        Assert.NotEmpty(Claims("ours"));

        Do(() => world.Eks.CreateAccessEntry("auto", "arn:aws:iam::111122223333:role/eks-pods", "EC2"));
        Assert.Empty(Nodes("ours"));
        Do(() =>
            world.Eks.AssociateAccessPolicy(
                "auto",
                "arn:aws:iam::111122223333:role/eks-pods",
                Podspace.Simulation.Aws.Eks.AutoNodePolicy,
                "cluster",
                []
            )
        );
        Assert.NotEmpty(Nodes("ours"));
    }

    [Fact]
    public void Deleting_a_claim_drains_its_node_no_faster_than_budgets_allow()
    {
        Apply(NewClass([PodsB, PodsC]));
        Apply(NewPool());
        var fewest = int.MaxValue;
        world.Changed += () => fewest = Math.Min(fewest, Pods("api").Count(pod => pod.IsReady()));
        Leave("general-purpose");

        Assert.Empty(Claims("general-purpose"));
        Assert.Empty(Nodes("general-purpose"));
        Assert.Equal(12, Pods("api").Count(pod => pod.IsReady()));
        Assert.Equal(9, fewest);
        Assert.Equal(3, Nodes("ours").Count);
    }

    [Fact]
    public void A_changed_class_has_its_nodes_replaced_and_goes_only_after_the_last_of_them()
    {
        Apply(NewClass([PodsB, PodsC]));
        Apply(NewPool());
        Leave("general-purpose");
        var before = Nodes("ours").Select(node => node.Name()).ToList();
        var changed = NewClass([PodsB, PodsC]);
        changed.Put("Disabled", "spec", "snatPolicy");
        Apply(changed);
        world.Advance(TimeSpan.FromMinutes(5));
        Assert.NotEmpty(Nodes("ours"));
        Assert.Empty(Nodes("ours").Select(node => node.Name()).Intersect(before));

        Do(() => world.Objects.Delete(Class, "nodeclasses", null, "ours"));
        Assert.NotNull(world.Objects.Find(Class, "nodeclasses", null, "ours"));
        Do(() => world.Objects.Delete(Karpenter, "nodepools", null, "ours"));
        world.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(world.Objects.Find(Class, "nodeclasses", null, "ours"));
        Assert.Empty(Claims("ours"));
        Assert.Equal(12, Pods("api").Count(pod => pod.IsReady()));
    }

    [Fact]
    public void A_limit_of_nothing_closes_a_pool_and_an_empty_node_goes()
    {
        Apply(NewClass([PodsB, PodsC]));
        var pool = NewPool();
        pool.Put(new JsonObject { ["cpu"] = "0" }, "spec", "limits");
        Apply(pool);
        Scale("api", 400);
        Assert.Empty(Claims("ours"));
        var many = Claims("general-purpose").Count;

        Scale("api", 0);
        world.Advance(TimeSpan.FromMinutes(5));
        Assert.True(Claims("general-purpose").Count < many);
    }

    [Theory]
    [InlineData(
        """{"podSecurityGroupSelectorTerms":null}""",
        "podSubnetSelectorTerms and podSecurityGroupSelectorTerms must be specified together"
    )]
    [InlineData("""{"role":null}""", "must specify exactly one of ['role', 'instanceProfile']")]
    [InlineData("""{"subnetSelectorTerms":[{"id":"subnet-1","tags":{"a":"b"}}]}""", "mutually exclusive")]
    [InlineData("""{"subnetSelectorTerms":[]}""", "must have 1 to 30 items")]
    [InlineData("""{"snatPolicy":"Never"}""", "supported values: \"Random\", \"Disabled\"")]
    public void A_class_that_makes_no_sense_is_refused(string patch, string says)
    {
        var wrong = NewClass([PodsB, PodsC]);
        wrong["spec"] = MergePatch.Apply(wrong["spec"], JsonNode.Parse(patch)!.AsObject());
        var refusal = Assert.Throws<WorldRefusal>(() => Apply(wrong));
        Assert.Equal(("Invalid", 422), (refusal.Code, refusal.Status));
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_role_of_a_class_stays()
    {
        Apply(NewClass([PodsB, PodsC]));
        var other = NewClass([PodsB, PodsC]);
        other.Put("another", "spec", "role");
        Assert.Contains("role is immutable", Assert.Throws<WorldRefusal>(() => Apply(other)).Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<JsonObject> Nodes(string pool) =>
        [.. world.Objects.List("v1", "nodes").Where(node => node.Label("karpenter.sh/nodepool") == pool)];

    private IReadOnlyList<JsonObject> Claims(string pool) =>
        [.. world.Objects.List(Karpenter, "nodeclaims").Where(claim => claim.Label("karpenter.sh/nodepool") == pool)];

    private IEnumerable<JsonObject> Pods(string app) => world.Objects.List("v1", "pods", "shop").Where(pod => pod.Label("app") == app);

    private IEnumerable<JsonObject> PodsOn(JsonObject node) =>
        world.Objects.List("v1", "pods").Where(pod => pod.Text("spec", "nodeName") == node.Name());

    private void Leave(string pool)
    {
        foreach (var claim in Claims(pool))
        {
            Do(() => world.Objects.Delete(Karpenter, "nodeclaims", null, claim.Name()));
        }
    }

    private void Scale(string name, int replicas) =>
        Do(() =>
        {
            var changed = world.Objects.Find("apps/v1", "deployments", "shop", name)!.Clone();
            changed.Put(replicas, "spec", "replicas");
            world.Objects.Update("apps/v1", "deployments", changed, "test");
        });

    private void Apply(JsonObject manifest) =>
        Do(() =>
        {
            var kind = KindTable.OfKind(manifest.Api(), manifest.Kind())!;
            new ApiServer(world).Patch(new(kind, null, manifest.Name()), PatchKind.Apply, manifest, new("test"));
        });

    private void Do(Action act)
    {
        world.Do(() =>
        {
            act();
            return 0;
        });
        world.Advance(TimeSpan.FromSeconds(10));
    }

    private static JsonObject NewClass(string[] pods, string size = "Auto") =>
        new()
        {
            ["apiVersion"] = Class,
            ["kind"] = "NodeClass",
            ["metadata"] = new JsonObject { ["name"] = "ours" },
            ["spec"] = new JsonObject
            {
                ["role"] = "eks-auto-node",
                ["subnetSelectorTerms"] = Ids(NodesB, NodesC),
                ["securityGroupSelectorTerms"] = Ids(Group),
                ["podSubnetSelectorTerms"] = Ids(pods),
                ["podSecurityGroupSelectorTerms"] = Ids(Group),
                ["advancedNetworking"] = new JsonObject { ["ipv4PrefixSize"] = size },
            },
        };

    private static JsonArray Ids(params string[] ids) => new([.. ids.Select(id => new JsonObject { ["id"] = id })]);

    private JsonObject NewPool(string? zone = null)
    {
        var spec = (JsonObject)world.Objects.Find(Karpenter, "nodepools", null, "general-purpose")!["spec"]!.DeepClone();
        spec["weight"] = 10;
        spec.Put("ours", "template", "spec", "nodeClassRef", "name");
        if (zone is not null)
        {
            ((JsonArray)spec.At("template", "spec", "requirements")!).Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["key"] = "topology.kubernetes.io/zone",
                        ["operator"] = "In",
                        ["values"] = new JsonArray(zone),
                    }
            );
        }
        return new()
        {
            ["apiVersion"] = Karpenter,
            ["kind"] = "NodePool",
            ["metadata"] = new JsonObject { ["name"] = "ours" },
            ["spec"] = spec,
        };
    }
}
