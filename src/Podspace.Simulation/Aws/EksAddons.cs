using System.Text.Json.Nodes;
using Podspace.Formats;
using Podspace.Formats.Yaml;
using Podspace.Simulation.State;

namespace Podspace.Simulation.Aws;

public sealed partial class Eks
{
    public const string VpcCni = "vpc-cni";

    public IReadOnlyList<string> ListAddons(string cluster) =>
        [.. Of(cluster).Addons.Select(addon => addon.AddonName).Order(StringComparer.Ordinal)];

    public Addon DescribeAddon(string cluster, string name) =>
        Of(cluster).Addons.Find(addon => addon.AddonName == name) ?? throw Missing($"No addon: {name} found in cluster: {cluster}");

    /// <summary>What is the matter with the add-on: the errors of its last update, if that failed.</summary>
    public IReadOnlyList<UpdateError> Issues(Addon addon) =>
        addon.Status == "UPDATE_FAILED"
            ? Aws.Updates.FindLast(update => update.AddonName == addon.AddonName && update.ClusterName == addon.ClusterName)?.Errors ?? []
            : [];

    /// <param name="addon">Null: all that the simulation knows.</param>
    public IReadOnlyList<(string Addon, IReadOnlyList<string> Versions)> DescribeAddonVersions(string? addon) =>
        [.. KnownAddons().Where(name => addon is null || name == addon).Select(name => (name, VersionsOf(name)))];

    /// <summary>The JSON Schema of a version's configuration values.</summary>
    public JsonObject DescribeAddonConfiguration(string addon, string version)
    {
        if (!VersionsOf(addon).Contains(version))
        {
            throw Missing($"No addon version found for name: {addon} and version: {version}"); // UNCONFIRMED wording
        }
        return Schema(addon, version);
    }

    /// <summary>Starts an update. The values are a whole document: what it leaves out goes back to the add-on's defaults.</summary>
    /// <param name="version">Null: stays.</param>
    /// <param name="values">JSON or YAML. Null: stay (UNCONFIRMED: the API reference does not say what leaving them out means).</param>
    /// <param name="resolveConflicts">NONE, OVERWRITE or PRESERVE; NONE when null.</param>
    /// <param name="token">The same token answers with the same update.</param>
    public AddonUpdate UpdateAddon(string cluster, string name, string? version, string? values, string? resolveConflicts, string? token)
    {
        var addon = DescribeAddon(cluster, name);
        if (SameRequest(cluster, token) is { } known)
        {
            return known;
        }
        if (addon.Status is "UPDATING" or "CREATING" or "DELETING")
        {
            throw Busy($"Addon {name} cannot be updated as it is currently in {addon.Status} state"); // UNCONFIRMED wording
        }
        Require(addon, version, values, resolveConflicts);
        var update = Start(cluster, "AddonUpdate", token);
        update.AddonName = name;
        update.AddonVersion = version;
        update.ConfigurationValues = values ?? addon.ConfigurationValues;
        update.ResolveConflicts = string.IsNullOrEmpty(resolveConflicts) ? "NONE" : resolveConflicts;
        addon.Status = "UPDATING";
        World.Record("eks", "UpdateAddon", name);
        World.Later(UpdateTime, "addon-update", update.Id);
        return update;
    }

    private void Require(Addon addon, string? version, string? values, string? resolveConflicts)
    {
        if (!string.IsNullOrEmpty(resolveConflicts) && resolveConflicts is not ("NONE" or "OVERWRITE" or "PRESERVE"))
        {
            throw Bad(
                $"Value '{resolveConflicts}' at 'resolveConflicts' failed to satisfy constraint: "
                    + $"Member must satisfy enum value set: [OVERWRITE, NONE, PRESERVE]"
            );
        }
        if (version is not null && !VersionsOf(addon.AddonName).Contains(version))
        {
            throw Bad("Addon version specified is not supported");
        }
        if (!string.IsNullOrWhiteSpace(values))
        {
            var document = YamlJson.Read(values, out var problem);
            var problems = problem is not null
                ? [$"{problem}"]
                : JsonSchema.Check(Schema(addon.AddonName, version ?? addon.AddonVersion), document);
            if (problems.Count > 0)
            {
                throw Bad(
                    $"ConfigurationValue provided in request is not supported: Json schema validation "
                        + $"failed with error: [{string.Join(", ", problems)}]"
                );
            }
        }
    }

    private void EndAddonUpdate(string id)
    {
        // Whoever edits a world file may have deleted either.
        if (
            Aws.Updates.Find(update => update.Id == id) is not { } update
            || Aws.Addons.Find(addon => addon.AddonName == update.AddonName && addon.ClusterName == update.ClusterName) is not { } addon
        )
        {
            return;
        }
        var errors = addon.AddonName == VpcCni ? new VpcCniRollout(World, addon, update).Run() : [];
        update.Errors = [.. errors];
        update.Status = errors.Count == 0 ? "Successful" : "Failed";
        addon.Status = errors.Count == 0 ? "ACTIVE" : "UPDATE_FAILED";
        if (errors.Count == 0)
        {
            addon.ConfigurationValues = string.IsNullOrWhiteSpace(update.ConfigurationValues) ? null : update.ConfigurationValues;
            addon.AddonVersion = update.AddonVersion ?? addon.AddonVersion;
        }
        World.Record("eks", "AddonUpdated", addon.AddonName);
    }

    private IEnumerable<string> KnownAddons() =>
        Aws.Addons.Select(addon => addon.AddonName).Append(VpcCni).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Newest first. Of other add-ons only what is installed is known.</summary>
    private string[] VersionsOf(string addon)
    {
        var installed = Aws.Addons.Where(one => one.AddonName == addon).Select(one => one.AddonVersion);
        return [.. (addon == VpcCni ? VpcCniSchema.Versions : []).Concat(installed).Distinct()];
    }

    // Add-ons that no overlay touches take any document here; EKS has a schema for each.
    private static JsonObject Schema(string addon, string version) =>
        addon == VpcCni ? VpcCniSchema.Of(version) : new() { ["$schema"] = "http://json-schema.org/draft-06/schema#", ["type"] = "object" };
}
