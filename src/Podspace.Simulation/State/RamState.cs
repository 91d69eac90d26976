using System.Text.Json.Serialization;

namespace Podspace.Simulation.State;

/// <summary>Another account of the same organization that owns or uses what the world holds.</summary>
public sealed class OtherAccount
{
    public string Account { get; set; } = "";

    /// <summary>As that account names them: the same ids, perhaps under other names.</summary>
    public List<AvailabilityZone> AvailabilityZones { get; set; } = [];
}

/// <summary>As <c>aws ram get-resource-shares</c> prints it.</summary>
public sealed class ResourceShare
{
    [JsonPropertyName("resourceShareArn")]
    public string ResourceShareArn { get; set; } = "";

    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("owningAccountId")]
    public string OwningAccountId { get; set; } = "";

    [JsonPropertyName("allowExternalPrincipals")]
    public bool AllowExternalPrincipals { get; set; }

    [JsonPropertyName("status")]
    public string Status { get; set; } = "ACTIVE";

    [JsonPropertyName("clientToken")]
    public string? ClientToken { get; set; }

    [JsonPropertyName("tags")]
    public List<RamTag> Tags { get; set; } = [];
}

public sealed class RamTag
{
    [JsonPropertyName("key")]
    public string Key { get; set; } = "";

    [JsonPropertyName("value")]
    public string Value { get; set; } = "";
}

/// <summary>As <c>aws ram get-resource-share-associations</c> prints it: a share and a
/// resource in it, or a share and whom it is for.</summary>
public sealed class ResourceShareAssociation
{
    [JsonPropertyName("resourceShareArn")]
    public string ResourceShareArn { get; set; } = "";

    /// <summary>A resource's ARN, or an account's id.</summary>
    [JsonPropertyName("associatedEntity")]
    public string AssociatedEntity { get; set; } = "";

    /// <summary>RESOURCE or PRINCIPAL.</summary>
    [JsonPropertyName("associationType")]
    public string AssociationType { get; set; } = "";

    [JsonPropertyName("status")]
    public string Status { get; set; } = "ASSOCIATED";
}
