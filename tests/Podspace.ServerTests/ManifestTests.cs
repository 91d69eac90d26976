using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Formats.Yaml;

namespace Podspace.ServerTests;

/// <summary>What <c>render kubernetes</c> writes is taken by a real kube-apiserver, by server-side apply, as a dry run does it: for
/// every example and story that has something to write, once its network is there and has ids.</summary>
public sealed class ManifestTests(ApiServer server) : IClassFixture<ApiServer>, IDisposable
{
    private const string AwsNode = "/apis/apps/v1/namespaces/kube-system/daemonsets/aws-node";

    private readonly string folder = Directory.CreateTempSubdirectory("podspace-manifests-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Every_object_of_every_network_is_accepted_and_nothing_of_it_is_pruned()
    {
        await using var door = await ClusterDoor.OpenAsync(ClusterDoor.Real, server);
        await PrepareAsync();
        var (seen, silent) = (new List<string>(), new List<string>());
        foreach (var network in await RenderedNetworks.WriteAsync(folder))
        {
            var manifests = await ManifestsOfAsync(network);
            silent.AddRange(manifests.Count == 0 ? [network.Name] : []);
            Assert.Equal(manifests.OrderBy(Wave), manifests);
            foreach (var manifest in manifests)
            {
                seen.Add($"{await DryRunAsync(manifest)} of {network.Name}");
            }
        }

        // An ENIConfig a zone of the guide's, settings where no add-on manages them, Auto Mode's class and pools.
        Assert.All(
            [
                "ENIConfig of crowded-vpc",
                "ENIConfig of kubectl-applied-the-cni-once",
                "DaemonSet of self-managed",
                "NodeClass of auto-mode",
                "NodePool of auto-mode",
            ],
            one => Assert.Contains(one, seen)
        );
        // Subnet discovery has no objects, and a cluster that is yet to come has nowhere to put them.
        Assert.Equal(
            ["discovery", "new-cluster", "pods-find-their-subnets-by-tags", "the-mode-changes-to-discovery"],
            silent.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("spec.podSecurityGroupSelectorTerms", null, "anyOf")]
    [InlineData("spec.snatPolicy", "\"Sometimes\"", "Unsupported value")]
    [InlineData("spec.subnetSelectorTerms", "[{\"id\": \"<id of pods-eu-west-1b-0, once it is made>\"}]", "subnet-[0-9a-z]+")]
    [InlineData("spec.securityGroupSelectorTerms", "[]", "at least 1")]
    public async Task A_NodeClass_that_EKS_would_refuse_is_refused(string path, string? value, string complaint)
    {
        server.Connect(ApiServer.Admin);
        await PrepareAsync();
        var example = Assert.Single(await RenderedNetworks.WriteAsync(folder, "auto-mode"));
        var manifest = (await ManifestsOfAsync(example)).Single(one => $"{one["kind"]}" == "NodeClass");
        manifest["spec"]!.AsObject().Remove(path.Split('.')[1]);
        if (value is not null)
        {
            manifest["spec"]![path.Split('.')[1]] = JsonNode.Parse(value);
        }

        Assert.Contains(
            complaint,
            await server.RefusedAsync(
                HttpMethod.Patch,
                $"{PathOf(manifest)}?fieldManager=gitops&force=true&dryRun=All",
                manifest.ToJsonString(),
                "application/apply-patch+yaml"
            ),
            StringComparison.Ordinal
        );
    }

    /// <summary>aws-node as EKS installs it, but for its images: settings alone are no DaemonSet. And the kinds of Auto Mode.</summary>
    private async Task PrepareAsync()
    {
        await server.SendAsync(
            HttpMethod.Patch,
            $"{AwsNode}?fieldManager=eks&force=true",
            """
            {
              "apiVersion": "apps/v1",
              "kind": "DaemonSet",
              "metadata": {"name": "aws-node", "namespace": "kube-system"},
              "spec": {
                "selector": {"matchLabels": {"k8s-app": "aws-node"}},
                "template": {
                  "metadata": {"labels": {"k8s-app": "aws-node"}},
                  "spec": {
                    "containers": [
                      {"name": "aws-node", "image": "cni", "env": [{"name": "WARM_ENI_TARGET", "value": "1"}]}
                    ]
                  }
                }
              }
            }
            """,
            "application/apply-patch+yaml"
        );
        foreach (var (name, definition) in AutoModeKinds.All)
        {
            var path = $"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}";
            await server.SendAsync(HttpMethod.Patch, $"{path}?fieldManager=eks&force=true", definition, "application/apply-patch+yaml");
            // A definition is served a moment after it was accepted.
            while (!await server.AnswersAsync($"/apis/{name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]}/v1/{name.Split('.')[0]}"))
            {
                await Task.Delay(100);
            }
        }
    }

    private static string PathOf(JsonObject manifest) =>
        $"{manifest["kind"]}" switch
        {
            "ENIConfig" => $"/apis/crd.k8s.amazonaws.com/v1alpha1/eniconfigs/{manifest["metadata"]!["name"]}",
            "NodeClass" => $"/apis/eks.amazonaws.com/v1/nodeclasses/{manifest["metadata"]!["name"]}",
            "NodePool" => $"/apis/karpenter.sh/v1/nodepools/{manifest["metadata"]!["name"]}",
            "DaemonSet" => AwsNode,
            var other => throw new NotSupportedException(other),
        };

    private async Task<string> DryRunAsync(JsonObject manifest)
    {
        var kind = $"{manifest["kind"]}";
        var accepted = await server.SendAsync(
            HttpMethod.Patch,
            $"{PathOf(manifest)}?fieldManager=gitops&force=true&dryRun=All",
            manifest.ToJsonString(),
            "application/apply-patch+yaml"
        );
        if (kind != "DaemonSet")
        {
            Assert.True(JsonNode.DeepEquals(manifest["spec"], accepted["spec"]), $"{accepted}");
            return kind;
        }
        // The settings that were there stay beside ours.
        var env = accepted["spec"]!["template"]!["spec"]!["containers"]!
            .AsArray()
            .Single(container => $"{container!["name"]}" == "aws-node")!["env"]!
            .AsArray()
            .Select(one => $"{one!["name"]}={one["value"]}")
            .ToHashSet();
        var wanted = manifest["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!
            .AsArray()
            .Select(one => $"{one!["name"]}={one["value"]}")
            .ToHashSet();
        Assert.Superset(wanted, env);
        Assert.Contains("WARM_ENI_TARGET=1", env);
        return kind;
    }

    /// <summary>None where nobody but the managed add-on has anything to write.</summary>
    private static async Task<List<JsonObject>> ManifestsOfAsync(RenderedNetwork network)
    {
        await RenderedNetworks.RunAsync(["apply", "-f", network.Overlay, "--twin", network.World, "--stage", "network", "--yes"]);
        var (exit, output, error) = await RenderAsync(network);
        if (IsForAddon(error))
        {
            // The managed add-on writes all of it there; as objects they are for whoever says so.
            var overlay = await File.ReadAllTextAsync(network.Overlay);
            await File.WriteAllTextAsync(
                network.Overlay,
                overlay.Contains("cni: {", StringComparison.Ordinal)
                    ? overlay.Replace("cni: {", "cni: {eniConfigs: objects, ", StringComparison.Ordinal)
                    : $"{overlay.TrimEnd()}\n  cni: {{eniConfigs: objects}}\n"
            );
            (exit, output, error) = await RenderAsync(network);
        }
        if (IsForAddon(error))
        {
            return [];
        }
        Assert.True(exit == ExitCode.Fine, $"{network.Name}: {error}");
        return [.. output.Split("---\n", StringSplitOptions.RemoveEmptyEntries).Select(text => YamlJson.Read(text)!.AsObject())];
    }

    private static bool IsForAddon(string error) => error.Contains("podspace render addon", StringComparison.Ordinal);

    private static async Task<(int Exit, string Output, string Error)> RenderAsync(RenderedNetwork network)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandLine.RunAsync(
            ["render", "kubernetes", "-f", network.Overlay, "--twin", network.World],
            new(output, error, TextReader.Null, false)
        );
        return (exit, $"{output}", $"{error}");
    }

    // ENIConfigs before the setting that makes nodes look for them.
    private static int Wave(JsonObject manifest) =>
        int.Parse(
            $"{manifest["metadata"]!["annotations"]?["argocd.argoproj.io/sync-wave"] ?? "0"}",
            System.Globalization.CultureInfo.InvariantCulture
        );
}
