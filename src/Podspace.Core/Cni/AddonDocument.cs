using System.Text.Json.Nodes;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Cni;

/// <summary>The vpc-cni add-on's configuration document as it shall be: what is there, with our keys put in or taken out.</summary>
/// <remarks>
/// EKS takes the document as a whole: a key left out falls back to its default (aws-facts:
/// UpdateAddon semantics), so it is always read, changed and written back.
/// Subnets and groups are references because some exist only once earlier steps have run.
/// </remarks>
/// <param name="Before">The live document as JSON, with live env that it lacked folded in.</param>
/// <param name="EniConfigs">Null: the key eniConfig is left as it is in <paramref name="Before"/>.</param>
/// <param name="Env">Settings to write.</param>
/// <param name="Original">The document as it was before our first change; kept in the record.</param>
public sealed record AddonDocument(
    CniPurpose Purpose,
    string Before,
    string Region,
    EquatableArray<EniConfig>? EniConfigs,
    EquatableArray<EnvSetting> Env,
    string Original
)
{
    /// <summary>Reports whether this is the step that makes them; one that follows only keeps them in the document.</summary>
    public bool BringsEniConfigs { get; init; }

    /// <summary>The whole document, with references resolved to ids.</summary>
    public string Compose(Func<Ref, string> id) => Put(CniValues.Parse(Before), id).ToJsonString();

    /// <summary>Just our keys with our values: what the record notes as written.</summary>
    public string Ours(Func<Ref, string> id) => Put([], id).ToJsonString();

    private JsonObject Put(JsonObject document, Func<Ref, string> id)
    {
        if (!Env.IsEmpty)
        {
            var env = document["env"] as JsonObject;
            if (env is null)
            {
                document["env"] = env = [];
            }
            foreach (var setting in Env)
            {
                env[setting.Name] = setting.Value;
            }
        }
        if (EniConfigs is { } eniConfigs)
        {
            document["eniConfig"] = CniValues.EniConfigs(eniConfigs, Region, id);
        }
        return document;
    }
}
