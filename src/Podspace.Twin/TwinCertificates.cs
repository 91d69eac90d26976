using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Podspace.Twin;

/// <summary>A throwaway CA and the loopback certificate it signed, made in process: nothing
/// is written, nothing outlives the server.</summary>
internal sealed class TwinCertificates : IDisposable
{
    private readonly X509Certificate2 authority;

    private TwinCertificates(X509Certificate2 authority, X509Certificate2 server)
    {
        this.authority = authority;
        Server = server;
    }

    public X509Certificate2 Server { get; }

    public string AuthorityPem => authority.ExportCertificatePem() + "\n";

    public static TwinCertificates Make()
    {
        // Clients check these dates against their own clocks, so wall time it is, whatever the world's.
        var start = DateTimeOffset.UtcNow.AddHours(-1);
        var authority = MakeAuthority(start);
        return new(authority, MakeServer(authority, start));
    }

    public void Dispose()
    {
        authority.Dispose();
        Server.Dispose();
    }

    private static X509Certificate2 MakeAuthority(DateTimeOffset start)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=podspace twin CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(start, start.AddYears(1));
    }

    private static X509Certificate2 MakeServer(X509Certificate2 authority, DateTimeOffset start)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=podspace twin", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        names.AddDnsName("kubernetes.default.svc");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], false));
        using var signed = request.Create(authority, start, authority.NotAfter, RandomNumberGenerator.GetBytes(16));
        using var withKey = signed.CopyWithPrivateKey(key);
        // By way of PKCS #12, because TLS on Windows takes no key that exists in memory alone.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
