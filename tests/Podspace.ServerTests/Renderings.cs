namespace Podspace.ServerTests;

/// <summary>Every network in every style and both syntaxes, each in a folder of its own.</summary>
/// <remarks>Shared by the tests of a class, which only read: rendered once.</remarks>
public sealed class Renderings : IAsyncLifetime
{
    private readonly string home = Directory.CreateTempSubdirectory("podspace-renderings-").FullName;

    internal static readonly string[] Styles = ["resources", "eks-module", "eks-module --eks-module 20"];

    /// <summary>The module styles write for one account.</summary>
    internal static IEnumerable<string> StylesOf(RenderedNetwork network) => network.IsOfOneAccount ? Styles : ["resources"];

    internal IReadOnlyList<RenderedNetwork> OfModule => [.. Networks.Where(network => network.IsOfOneAccount)];

    /// <summary>Holds the renderings and nothing else.</summary>
    public string Folder => Path.Combine(home, "rendered");

    internal IReadOnlyList<RenderedNetwork> Networks { get; private set; } = [];

    /// <param name="style">Of <see cref="Styles"/>, or <c>module</c>.</param>
    internal string Of(RenderedNetwork network, string style) => Path.Combine(Folder, $"{network.Name} {style}");

    /// <summary>The same in Terraform's JSON syntax.</summary>
    internal string JsonOf(RenderedNetwork network, string style) => Path.Combine(Of(network, style), "pod-network.tf.json");

    public async ValueTask InitializeAsync()
    {
        Networks = await RenderedNetworks.WriteAsync(home);
        foreach (var network in Networks)
        {
            foreach (var style in StylesOf(network).Concat(network.IsOfOneAccount ? ["module"] : []))
            {
                var to = Of(network, style);
                string[] words = ["render", "terraform", "-f", network.Overlay, "--twin", network.World, "--style", .. style.Split(' ')];
                await RenderedNetworks.RunAsync([.. words, "--out", to]);
                if (style != "module")
                {
                    var json = Path.Combine(home, "json");
                    await RenderedNetworks.RunAsync([.. words, "--out", json, "--json", "--force"]);
                    File.Copy(Path.Combine(json, "pod-network.tf.json"), JsonOf(network, style));
                }
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(home, recursive: true);
        return ValueTask.CompletedTask;
    }
}
