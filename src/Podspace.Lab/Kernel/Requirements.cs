namespace Podspace.Lab.Kernel;

/// <summary>What a lab takes.</summary>
public static class Requirements
{
    private static readonly (string Program, string Package)[] Programs =
    [
        ("ip", "iproute2"),
        ("nft", "nftables"),
        ("iptables-restore", "iptables"),
    ];

    /// <summary>Null when all is there; else what is missing and how to get it, in one line.</summary>
    public static string? Missing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "a lab is made of Linux network namespaces, and this is no Linux. Run "
                + "it in a virtual machine or a privileged container.";
        }
        if (!Environment.IsPrivilegedProcess)
        {
            return "a lab needs root, to make network namespaces (it touches none of this machine's own). Run the same command with sudo.";
        }
        var packages = Programs.Where(one => Find(one.Program) is null).Select(one => one.Package).ToList();
        return packages.Count == 0
            ? null
            : $"a lab needs {string.Join(", ", Programs.Select(one => one.Program))}, and not all are here. "
                + $"Install them: apt-get install {string.Join(' ', packages)}";
    }

    /// <summary>Also where root's programs are and a user's PATH does not lead.</summary>
    internal static string? Find(string program) => Look(program).File;

    /// <exception cref="LabUnavailableException">It is none of PATH's.</exception>
    /// <param name="program">With a folder in it, it is that file.</param>
    internal static string Meant(string program)
    {
        if (ProgramPath.IsPath(program))
        {
            return Path.GetFullPath(program);
        }
        var (file, problem) = Look(program);
        return file ?? throw new LabUnavailableException($"{program} could not be started: {problem}.");
    }

    private static (string? File, string? Problem) Look(string program) =>
        ProgramPath.Find(program, $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin", ':', File.Exists);
}
