using System.Text;

namespace Podspace.Twin;

/// <summary>The file that tells kubectl where the twin is.</summary>
internal static class TwinKubeconfig
{
    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public static string Write(Uri server, string authorityPem, string token) =>
        $"""
            apiVersion: v1
            kind: Config
            clusters:
              - name: twin
                cluster:
                  server: {server.ToString().TrimEnd('/')}
                  certificate-authority-data: {Base64(authorityPem)}
            users:
              - name: twin
                user:
                  token: "{token}"
            contexts:
              - name: twin
                context:
                  cluster: twin
                  user: twin
            current-context: twin

            """;
}
