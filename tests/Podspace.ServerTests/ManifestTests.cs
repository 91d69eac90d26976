using System.Text.Json.Nodes;
using Podspace.Cli;
using Podspace.Simulation.WorldFile;

namespace Podspace.ServerTests;

/// <summary>What <c>render kubernetes</c> writes is taken by a real kube-apiserver, by server-side apply, as a dry run does it.</summary>
public sealed class ManifestTests(ApiServer server) : IClassFixture<ApiServer>, IDisposable
{
    private const string AwsNode = "/apis/apps/v1/namespaces/kube-system/daemonsets/aws-node";

    private readonly string folder = Directory.CreateTempSubdirectory("podspace-manifests-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Every_ENIConfig_and_every_setting_of_aws_node_is_accepted()
    {
        await using var door = await ClusterDoor.OpenAsync(ClusterDoor.Real, server);
        // As EKS installs it, but for its images: settings alone are no DaemonSet, so there is one to apply them to.
        await server.SendAsync(HttpMethod.Patch, $"{AwsNode}?fieldManager=eks&force=true", """
            {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "aws-node", "namespace": "kube-system"},
             "spec": {"selector": {"matchLabels": {"k8s-app": "aws-node"}},
               "template": {"metadata": {"labels": {"k8s-app": "aws-node"}}, "spec": {"containers": [{"name": "aws-node", "image": "cni", "env": [{"name": "WARM_ENI_TARGET", "value": "1"}]}]}}}}
            """, "application/apply-patch+yaml");
        var seen = new HashSet<string>();
        foreach (var overlay in Directory.GetFiles(Path.Combine(GuideServer.Example, ".."), "overlay.yaml", SearchOption.AllDirectories))
        {
            var manifests = await RenderAsync(overlay);
            Assert.Equal(manifests.OrderBy(Wave), manifests);
            foreach (var manifest in manifests)
            {
                seen.Add(await DryRunAsync(manifest));
            }
        }

        Assert.Superset(new HashSet<string>(["ENIConfig", "DaemonSet"]), seen);
    }

    /// <summary>Auto Mode's kinds are EKS's own: their definitions are in no package, so the server cannot judge them.</summary>
    private async Task<string> DryRunAsync(JsonObject manifest)
    {
        var (kind, name) = ($"{manifest["kind"]}", $"{manifest["metadata"]!["name"]}");
        var path = kind switch
        {
            "ENIConfig" => $"/apis/crd.k8s.amazonaws.com/v1alpha1/eniconfigs/{name}",
            "DaemonSet" => AwsNode,
            _ => null,
        };
        if (path is null)
        {
            Assert.Contains(kind, (string[])["NodeClass", "NodePool"]);
            return kind;
        }
        var accepted = await server.SendAsync(HttpMethod.Patch, $"{path}?fieldManager=gitops&force=true&dryRun=All", manifest.ToJsonString(), "application/apply-patch+yaml");
        if (kind == "ENIConfig")
        {
            Assert.True(JsonNode.DeepEquals(manifest["spec"], accepted["spec"]), $"{accepted}");
            return kind;
        }
        // The settings that were there stay beside ours.
        var env = accepted["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Single(container => $"{container!["name"]}" == "aws-node")!["env"]!.AsArray().Select(one => $"{one!["name"]}={one["value"]}").ToHashSet();
        var wanted = manifest["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray().Select(one => $"{one!["name"]}={one["value"]}").ToHashSet();
        Assert.Superset(wanted, env);
        Assert.Contains("WARM_ENI_TARGET=1", env);
        return kind;
    }

    private async Task<List<JsonObject>> RenderAsync(string overlay)
    {
        var world = Path.Combine(folder, $"{Guid.NewGuid():N}.yaml");
        File.Copy(Path.Combine(Path.GetDirectoryName(overlay)!, "world.yaml"), world);
        var (exit, output, error) = await RenderAsync(overlay, world);
        if (error.Contains("podspace render addon", StringComparison.Ordinal))
        {
            // The managed add-on writes all of it there; as objects they are for whoever says so.
            var asObjects = Path.ChangeExtension(world, ".overlay.yaml");
            await File.WriteAllTextAsync(asObjects, await File.ReadAllTextAsync(overlay) + "  cni: {eniConfigs: objects}\n");
            (exit, output, error) = await RenderAsync(asObjects, world);
        }
        Assert.True(exit == ExitCode.Fine, error);
        return [.. output.Split("---\n", StringSplitOptions.RemoveEmptyEntries).Select(text => YamlValue.Parse(text, out _)!.AsObject())];
    }

    private static async Task<(int Exit, string Output, string Error)> RenderAsync(string overlay, string world)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandLine.RunAsync(["render", "kubernetes", "-f", overlay, "--twin", world], new(output, error, TextReader.Null, false));
        return (exit, $"{output}", $"{error}");
    }

    // ENIConfigs before the setting that makes nodes look for them.
    private static int Wave(JsonObject manifest) => int.Parse($"{manifest["metadata"]!["annotations"]?["argocd.argoproj.io/sync-wave"] ?? "0"}", System.Globalization.CultureInfo.InvariantCulture);
}
