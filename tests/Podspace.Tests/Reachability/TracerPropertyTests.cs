using CsCheck;
using Podspace.Reachability;

namespace Podspace.Tests.Reachability;

public sealed class TracerPropertyTests
{
    [Fact]
    public void The_compiled_tracer_and_the_naive_one_agree_on_every_flow_of_random_networks()
    {
        var met = new System.Collections.Concurrent.ConcurrentDictionary<(Verdict, bool), int>();
        Gen.Int[0, 1_000_000]
            .Sample(
                seed => Agree(seed, outcome => met.AddOrUpdate((outcome.Verdict, outcome.IsOnTheWayBack), 1, (_, count) => count + 1)),
                iter: 2000
            );
        // Networks in which nothing ever happens prove nothing: every verdict came up, and both ways.
        Assert.All(Enum.GetValues<Verdict>(), verdict => Assert.Contains(met.Keys, key => key.Item1 == verdict));
        Assert.True(met.Count > 15, string.Join(", ", met));
    }

    [Theory]
    // An answer was asked for the public address of a NAT gateway that only the question had passed.
    [InlineData(742_969)]
    public void They_agree_where_they_once_did_not(int seed) => Agree(seed, _ => { });

    [Fact]
    public void A_verdict_and_its_explanation_are_the_same_and_what_is_blocked_names_the_place() =>
        Gen.Int[0, 1_000_000]
            .Sample(
                seed =>
                {
                    var vpc = new RandomVpc(seed);
                    var tracer = Tracer.Of(vpc.Inventory);
                    for (var i = 0; i < 20; i++)
                    {
                        var flow = vpc.Flow();
                        var trace = tracer.Explain(flow);
                        Assert.Equal(tracer.Verdict(flow), trace.Outcome);
                        Assert.Equal(trace.Outcome.IsBlocked, trace.Culprit is not null);
                        Assert.All(trace.Hops, hop => Assert.NotEqual("", hop.Why));
                    }
                },
                iter: 500
            );

    [Fact]
    public void Opening_every_group_and_every_network_ACL_never_closes_a_way() =>
        Gen.Int[0, 1_000_000]
            .Sample(
                seed =>
                {
                    var vpc = new RandomVpc(seed);
                    var open = Tracer.Of(Opened(vpc.Inventory));
                    var tracer = Tracer.Of(vpc.Inventory);
                    for (var i = 0; i < 20; i++)
                    {
                        var flow = vpc.Flow();
                        Assert.True(tracer.Verdict(flow).IsBlocked || !open.Verdict(flow).IsBlocked, $"seed {seed}: {flow}");
                    }
                },
                iter: 300
            );

    [Fact]
    public void A_verdict_allocates_nothing()
    {
        var vpc = new RandomVpc(7);
        var tracer = Tracer.Of(vpc.Inventory);
        var flows = Enumerable.Range(0, 200).Select(_ => vpc.Flow()).ToArray();
        Ask();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Ask()
        {
            foreach (var flow in flows)
            {
                tracer.Verdict(flow);
            }
        }
    }

    private static void Agree(int seed, Action<Outcome> met)
    {
        var vpc = new RandomVpc(seed);
        var (tracer, naive) = (Tracer.Of(vpc.Inventory), new NaiveTracer(vpc.Inventory));
        for (var i = 0; i < 40; i++)
        {
            var flow = vpc.Flow();
            var (fast, slow) = (tracer.Verdict(flow), naive.Verdict(flow));
            Assert.True(fast == slow, $"seed {seed}: {flow}: tracer {fast}, naive {slow}\n{string.Join('\n', tracer.Explain(flow).Hops)}");
            met(fast);
        }
    }

    private static Podspace.Model.Inventory Opened(Podspace.Model.Inventory inventory)
    {
        var everywhere = Addressing.Cidr.Parse("0.0.0.0/0");
        return inventory with
        {
            Cloud = inventory.Cloud with
            {
                Groups = inventory
                    .Cloud.Groups.Select(group =>
                        group with
                        {
                            Rules =
                            [
                                new("in", Model.Direction.Ingress, Model.Traffic.All, everywhere, "", []),
                                new("out", Model.Direction.Egress, Model.Traffic.All, everywhere, "", []),
                            ],
                        }
                    )
                    .ToEquatable(),
                NetworkAcls = inventory
                    .Cloud.NetworkAcls.Select(acl =>
                        acl with
                        {
                            Entries =
                            [
                                new(1, Model.Direction.Ingress, "-1", -1, -1, everywhere, true),
                                new(1, Model.Direction.Egress, "-1", -1, -1, everywhere, true),
                            ],
                        }
                    )
                    .ToEquatable(),
            },
        };
    }
}
