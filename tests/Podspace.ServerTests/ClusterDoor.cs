using System.Text.Json.Nodes;
using Podspace.Applying;
using Podspace.Kubernetes;
using Podspace.Model;
using Podspace.Steps.Calls;
using Podspace.Twin;

namespace Podspace.ServerTests;

/// <summary>A cluster for a test that is run twice: against the twin, and against the server whose answers the twin's must be.</summary>
internal abstract class ClusterDoor : IAsyncDisposable
{
    public const string Twin = "twin";
    public const string Real = "kube-apiserver";

    public abstract LiveCluster Cluster { get; }

    /// <summary>A pod that runs and is ready, under a budget that lets so many go.</summary>
    public abstract Task<(string Namespace, string Pod)> BudgetedPodAsync(int allowed);

    /// <summary>A node of that name, or any that there is; answers with its name.</summary>
    public abstract Task<string> NodeAsync();

    public abstract ValueTask DisposeAsync();

    public static async Task<ClusterDoor> OpenAsync(string which, ApiServer server) =>
        which == Twin ? new TwinDoor(await GuideServer.StartAsync()) : await RealDoor.OpenAsync(server);

    private sealed class TwinDoor(TwinServer server) : ClusterDoor
    {
        public override LiveCluster Cluster { get; } =
            new(
                ClusterConnection.ForEks(
                    server.KubeUrl.AbsoluteUri,
                    Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(server.AuthorityPem)),
                    _ => Task.FromResult<(string?, Refusal?)>((server.Token, null))
                )
            );

        public override async Task<(string Namespace, string Pod)> BudgetedPodAsync(int allowed)
        {
            var pods = (await Cluster.ObserveAsync("none", default)).Pods;
            var api = pods.Where(pod => pod.Namespace == "shop" && pod.Name.StartsWith("api-", StringComparison.Ordinal)).ToList();
            // The simulated controller works out what the budget allows.
            var budget = new JsonObject
            {
                ["apiVersion"] = "policy/v1",
                ["kind"] = "PodDisruptionBudget",
                ["metadata"] = new JsonObject { ["name"] = "api", ["namespace"] = "shop" },
                ["spec"] = new JsonObject { ["minAvailable"] = api.Count - allowed },
            };
            var outcome = await Cluster.CallAsync(
                new ClusterCall.Apply(new("policy/v1", "poddisruptionbudgets", "shop", "api"), budget.ToJsonString(), true),
                default
            );
            Assert.Null(outcome.Refusal);
            return ("shop", api[0].Name);
        }

        public override async Task<string> NodeAsync() => (await Cluster.ObserveAsync("none", default)).Nodes[0].Name;

        public override async ValueTask DisposeAsync()
        {
            Cluster.Dispose();
            await server.DisposeAsync();
        }
    }

    private sealed class RealDoor(ApiServer server, LiveCluster cluster) : ClusterDoor
    {
        // As the CNI's chart installs it. Source: amazon-vpc-cni-k8s charts/aws-vpc-cni/crds/customresourcedefinition.yaml.
        private const string EniConfigs = """
            {
              "apiVersion": "apiextensions.k8s.io/v1",
              "kind": "CustomResourceDefinition",
              "metadata": {"name": "eniconfigs.crd.k8s.amazonaws.com"},
              "spec": {
                "scope": "Cluster",
                "group": "crd.k8s.amazonaws.com",
                "preserveUnknownFields": false,
                "versions": [
                  {
                    "name": "v1alpha1",
                    "served": true,
                    "storage": true,
                    "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}
                  }
                ],
                "names": {"plural": "eniconfigs", "singular": "eniconfig", "kind": "ENIConfig"}
              }
            }
            """;

        public override LiveCluster Cluster => cluster;

        public static async Task<ClusterDoor> OpenAsync(ApiServer server)
        {
            var connection = server.Connect(ApiServer.Admin);
            await server.SendAsync(
                HttpMethod.Patch,
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/eniconfigs.crd.k8s.amazonaws.com?fieldManager=helm&force=true",
                EniConfigs,
                "application/apply-patch+yaml"
            );
            var cluster = new LiveCluster(connection);
            // A definition is served a moment after it was accepted.
            while (
                !(await server.SendAsync(HttpMethod.Get, "/apis"))
                    .ToJsonString()
                    .Contains("crd.k8s.amazonaws.com", StringComparison.Ordinal)
                || (await cluster.GetAsync(ObjectKey.EniConfig("none"), default)).Refusal is not null
            )
            {
                await Task.Delay(100);
            }
            return new RealDoor(server, cluster);
        }

        public override async Task<(string Namespace, string Pod)> BudgetedPodAsync(int allowed)
        {
            var name = $"pod-{Guid.NewGuid():N}";
            await server.SendAsync(
                HttpMethod.Post,
                "/api/v1/namespaces/default/pods",
                $$$"""
                {
                  "apiVersion": "v1",
                  "kind": "Pod",
                  "metadata": {"name": "{{{name}}}", "labels": {"app": "{{{name}}}"}},
                  "spec": {"containers": [{"name": "app", "image": "app"}]}
                }
                """
            );
            await server.SendAsync(
                HttpMethod.Patch,
                $"/api/v1/namespaces/default/pods/{name}/status",
                """
                {"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}
                """,
                "application/merge-patch+json"
            );
            await server.SendAsync(
                HttpMethod.Post,
                "/apis/policy/v1beta1/namespaces/default/poddisruptionbudgets",
                $$$"""
                {
                  "apiVersion": "policy/v1beta1",
                  "kind": "PodDisruptionBudget",
                  "metadata": {"name": "{{{name}}}"},
                  "spec": {"minAvailable": {{{1 - allowed}}}, "selector": {"matchLabels": {"app": "{{{name}}}"} } }
                }
                """
            );
            // What the disruption controller would write.
            await server.SendAsync(
                HttpMethod.Patch,
                $"/apis/policy/v1beta1/namespaces/default/poddisruptionbudgets/{name}/status",
                $$$"""
                {"status": {"observedGeneration": 1, "currentHealthy": 1, "desiredHealthy": {{{1
                    - allowed}}}, "expectedPods": 1, "disruptionsAllowed": {{{allowed}}} }}
                """,
                "application/merge-patch+json"
            );
            return ("default", name);
        }

        public override async Task<string> NodeAsync()
        {
            var name = $"node-{Guid.NewGuid():N}";
            await server.SendAsync(
                HttpMethod.Post,
                "/api/v1/nodes",
                $$$"""{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "{{{name}}}"}}"""
            );
            return name;
        }

        public override ValueTask DisposeAsync()
        {
            cluster.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
