namespace Podspace.Steps.Text;

/// <summary>An object of the cluster that is there already is kept in a file before it is changed, for the way back.</summary>
internal static class SavedObject
{
    public static string Save(string kind, string name) =>
        $"kubectl get {kind} {name} -o yaml | grep -vE '^ "
        + $" (resourceVersion|uid|generation|creationTimestamp):' > {FileOf(kind, name)}";

    public static string PutBack(string kind, string name) => $"kubectl replace -f {FileOf(kind, name)}";

    private static string FileOf(string kind, string name) => $"{kind}-{name}-before.yaml";
}
