using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Podspace.Kubernetes;

/// <summary>Certificates as kubeconfig files and EKS carry them, and what follows for TLS.</summary>
internal static class Certificates
{
    public static X509Certificate2Collection Authorities(string pem)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(pem);
        return authorities;
    }

    /// <summary>The text in base64 of kubeconfig's <c>…-data</c> keys.</summary>
    public static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    public static X509Certificate2 Client(string certificatePem, string keyPem)
    {
        using var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        // A key read from PEM lives in memory only, and some platforms' TLS does not take that; through PKCS #12 it is stored.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    public static SslClientAuthenticationOptions Options(ClusterConnection connection)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = connection.TlsServerName };
        if (connection.ClientCertificate is not null)
        {
            options.ClientCertificates = [connection.ClientCertificate];
        }
        if (connection.SkipTlsVerify)
        {
            // Asked for in the kubeconfig ("insecure-skip-tls-verify"), as kubectl would.
#pragma warning disable CA5359
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (connection.Authorities is { } authorities)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                // Clusters publish no revocation lists.
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(authorities);
            policy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // server authentication
            options.CertificateChainPolicy = policy;
        }
        return options;
    }
}
