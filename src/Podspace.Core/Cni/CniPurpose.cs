using System.Diagnostics;

namespace Podspace.Cni;

/// <summary>What a writing of the CNI's settings is for. Several of one plan write the same document, each for its own end.</summary>
public enum CniPurpose
{
    /// <summary>Puts the ENIConfigs into the add-on's values; nothing changes for nodes yet.</summary>
    EniConfigs,

    /// <summary>From here on new interfaces come from the pod subnets.</summary>
    Switch,

    /// <summary>Takes the ENIConfigs out of the add-on's values; others hold them.</summary>
    WithoutEniConfigs,

    /// <summary>The switch alone is put back.</summary>
    SwitchOff,

    /// <summary>All that we wrote is put back.</summary>
    Restore,

    /// <summary>The values of an add-on that is yet to come.</summary>
    Values,
}

public static class CniPurposes
{
    /// <summary>As plans call it; part of a step's id, which approved plans name.</summary>
    public static string Text(this CniPurpose purpose) =>
        purpose switch
        {
            CniPurpose.EniConfigs => "ENIConfigs",
            CniPurpose.Switch => "switch",
            CniPurpose.WithoutEniConfigs => "without ENIConfigs",
            CniPurpose.SwitchOff => "switch off",
            CniPurpose.Restore => "restore",
            CniPurpose.Values => "values",
            _ => throw new UnreachableException($"{purpose} has no text."),
        };
}
