using Podspace.Model;

namespace Podspace.Kubernetes;

/// <summary>Where objects are in the API. Source: Kubernetes API concepts, "Resource URIs".</summary>
internal static class ObjectPath
{
    public static string Of(ObjectKey key) => $"{Collection(key.Api, key.Plural, key.Namespace)}/{Uri.EscapeDataString(key.Name)}";

    public static string CollectionOf(ObjectKey key) => Collection(key.Api, key.Plural, key.Namespace);

    public static string Collection(string api, string plural, string? ns = null)
    {
        var root = api.Contains('/', StringComparison.Ordinal) ? $"/apis/{api}" : $"/api/{api}";
        return ns is null ? $"{root}/{plural}" : $"{root}/namespaces/{Uri.EscapeDataString(ns)}/{plural}";
    }

    /// <summary>Empty for the core group.</summary>
    public static string Group(string api) => api.Contains('/', StringComparison.Ordinal) ? api.Split('/')[0] : "";
}
