using System.Security.Cryptography;
using System.Text;
using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using Podspace.Applying;
using YamlDotNet.Core;

namespace Podspace.Kubernetes;

/// <summary>kubeconfig files, read as kubectl reads them: several, of which the first to name a thing has it.</summary>
/// <remarks>Source: Kubernetes, "Organizing Cluster Access Using kubeconfig Files". Certificates, tokens, passwords
/// and exec plugins; no auth-provider, which kubectl dropped in 1.26.</remarks>
public static class Kubeconfig
{
    /// <summary>What KUBECONFIG lists, or else the file in the home directory.</summary>
    public static IReadOnlyList<string> Files(Func<string, string?>? variable = null)
    {
        variable ??= Environment.GetEnvironmentVariable;
        return variable("KUBECONFIG") is { Length: > 0 } list
            ? list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            : [Path.Combine(variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")];
    }

    /// <param name="context">Null: the current one.</param>
    /// <returns>The connection, or why there is none and what to do.</returns>
    public static (ClusterConnection? Connection, Refusal? Refusal) Connect(IReadOnlyList<string> files, string? context)
    {
        try
        {
            var configs = files
                .Where(File.Exists)
                .Select(file => (Config: Load(file), Folder: Path.GetDirectoryName(Path.GetFullPath(file))!))
                .ToList();
            return configs.Count == 0
                ? (
                    null,
                    Refuse(
                        $"There is no kubeconfig at {string.Join(", ", files)}. To write one for an "
                            + $"EKS cluster:\n  aws eks update-kubeconfig --name CLUSTER"
                    )
                )
                : Choose(configs, context);
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or UnauthorizedAccessException
                        or YamlException
                        or KubeConfigException
                        or FormatException
                        or UriFormatException
                        or CryptographicException
            )
        {
            return (null, Refuse($"The kubeconfig cannot be used: {exception.Message}"));
        }
    }

    private static (ClusterConnection?, Refusal?) Choose(List<(K8SConfiguration Config, string Folder)> configs, string? context)
    {
        var name =
            context ?? configs.Select(config => config.Config.CurrentContext).FirstOrDefault(current => !string.IsNullOrEmpty(current));
        var known = configs.SelectMany(config => config.Config.Contexts ?? []).ToList();
        var chosen = known.Find(known => known.Name == name)?.ContextDetails;
        if (chosen is null)
        {
            return (null, Refuse(NoContext(name, [.. known.Select(known => known.Name).Distinct().Order(StringComparer.Ordinal)])));
        }
        var cluster = configs
            .SelectMany(config => (config.Config.Clusters ?? []).Select(cluster => (cluster.Name, cluster.ClusterEndpoint, config.Folder)))
            .FirstOrDefault(cluster => cluster.Name == chosen.Cluster);
        if (cluster.ClusterEndpoint?.Server is not { Length: > 0 } server)
        {
            return (null, Refuse($"The kubeconfig's context \"{name}\" names cluster \"{chosen.Cluster}\", which has no server."));
        }
        if (!Uri.TryCreate(server, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            return (
                null,
                Refuse(
                    $"The kubeconfig's cluster \"{chosen.Cluster}\" has the server \"{server}\", "
                        + "which is no address, such as https://10.0.0.1:6443."
                )
            );
        }
        var user = configs
            .SelectMany(config => (config.Config.Users ?? []).Select(user => (user.Name, user.UserCredentials, config.Folder)))
            .FirstOrDefault(user => user.Name == chosen.User);
        return (Connection(address, cluster.ClusterEndpoint, cluster.Folder, user.UserCredentials, user.Folder), null);
    }

    private static ClusterConnection Connection(
        Uri server,
        ClusterEndpoint cluster,
        string clusterFolder,
        UserCredentials? user,
        string? userFolder
    )
    {
        var authorities = Pem(cluster.CertificateAuthorityData, cluster.CertificateAuthority, clusterFolder);
        var connection = new ClusterConnection(server)
        {
            Authorities = authorities is null ? null : Certificates.Authorities(authorities),
            TlsServerName = string.IsNullOrEmpty(cluster.TlsServerName) ? null : cluster.TlsServerName,
            SkipTlsVerify = cluster.SkipTlsVerify,
        };
        if (user is null)
        {
            return connection;
        }
        var certificate = Pem(user.ClientCertificateData, user.ClientCertificate, userFolder!);
        var key = Pem(user.ClientKeyData, user.ClientKey, userFolder!);
        return connection with
        {
            ClientCertificate = certificate is not null && key is not null ? Certificates.Client(certificate, key) : null,
            Authorize = Authorize(user, userFolder!),
        };
    }

    private static Func<CancellationToken, Task<(string?, Refusal?)>>? Authorize(UserCredentials user, string folder)
    {
        if (user.ExternalExecution is { } plugin)
        {
            return new ExecPlugin(plugin, folder, TimeProvider.System).AuthorizeAsync;
        }
        var header = user switch
        {
            { Token: { Length: > 0 } token } => $"Bearer {token}",
            { UserName: { Length: > 0 } name } => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{user.Password}"))}",
            _ => null,
        };
        return header is null ? null : _ => Task.FromResult<(string?, Refusal?)>((header, null));
    }

    private static string NoContext(string? name, string[] known) =>
        (name, known) switch
        {
            (not null, _) => $"The kubeconfig has no context \"{name}\". It has: {(known is [] ? "none" : string.Join(", ", known))}",
            (null, []) => "The kubeconfig has no context at all. To write one for an EKS cluster:\n"
                + "  aws eks update-kubeconfig --name CLUSTER",
            _ => $"The kubeconfig has no current context. Name one of: {string.Join(", ", known)}",
        };

    /// <summary>The text itself in base64, or a file's, which is named from the kubeconfig's own folder.</summary>
    private static string? Pem(string? data, string? file, string folder)
    {
        if (!string.IsNullOrEmpty(data))
        {
            return Certificates.Text(data);
        }
        return string.IsNullOrEmpty(file) ? null : File.ReadAllText(Path.Combine(folder, file));
    }

    private static K8SConfiguration Load(string file)
    {
        using var stream = File.OpenRead(file);
        try
        {
            return KubernetesClientConfiguration.LoadKubeConfig(stream) ?? new();
        }
        catch (YamlException wrong)
        {
            // By its place alone: what stands in the line may be a token.
            throw new FormatException($"{file}({wrong.Start.Line},{wrong.Start.Column}): this is not the YAML of a kubeconfig.", wrong);
        }
        catch (Exception slip) when (slip is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet's own, behind a bracket that is not closed; it names no place.
            throw new FormatException(
                $"{file}: this is not the YAML of a kubeconfig; most often a bracket or a quote is not closed.",
                slip
            );
        }
    }

    private static Refusal Refuse(string message) => new(RefusalKind.Denied, "NoKubeconfig", message);
}
