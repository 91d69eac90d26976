using Microsoft.Win32.SafeHandles;

namespace Podspace.Lab.Kernel;

/// <summary>A network namespace without a name: it lives as long as this process holds it open, however the process ends.</summary>
internal sealed class NetworkNamespace : IDisposable
{
    private readonly SafeFileHandle handle;

    private NetworkNamespace(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Where other processes of this machine find it.</summary>
    public string Path => $"/proc/{Environment.ProcessId}/fd/{handle.DangerousGetHandle()}";

    /// <summary>A new one, which the calling thread is in from then on.</summary>
    public static NetworkNamespace Make()
    {
        Native.Unshare();
        return Open("/proc/thread-self/ns/net");
    }

    public static NetworkNamespace Open(string path) => new(new(Native.Open(path), ownsHandle: true));

    /// <summary>Puts the calling thread in it: its sockets, its files below /proc/sys/net, and the programs it starts.</summary>
    public void Enter() => Native.Enter((int)handle.DangerousGetHandle());

    public void Dispose() => handle.Dispose();
}
