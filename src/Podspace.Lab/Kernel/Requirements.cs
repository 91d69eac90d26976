namespace Podspace.Lab.Kernel;

/// <summary>What a lab takes.</summary>
public static class Requirements
{
    private static readonly (string Program, string Package)[] Programs = [("ip", "iproute2"), ("nft", "nftables"), ("iptables-restore", "iptables")];

    /// <summary>Null when all is there; else what is missing and how to get it, in one line.</summary>
    public static string? Missing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "a lab is made of Linux network namespaces, and this is no Linux. Run it in a virtual machine or a privileged container.";
        }
        if (!Environment.IsPrivilegedProcess)
        {
            return "a lab needs root, to make network namespaces (it touches none of this machine's own). Run the same command with sudo.";
        }
        var packages = Programs.Where(one => Find(one.Program) is null).Select(one => one.Package).ToList();
        return packages.Count == 0 ? null : $"a lab needs {string.Join(", ", Programs.Select(one => one.Program))}, and not all are here. Install them: apt-get install {string.Join(' ', packages)}";
    }

    /// <summary>Also where root's programs are and a user's PATH does not lead.</summary>
    internal static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin"])
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
