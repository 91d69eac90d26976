using System.Runtime.InteropServices;

namespace Podspace.Lab.Kernel;

/// <summary>The system calls that .NET does not have.</summary>
internal static partial class Native
{
    private const int NewNet = 0x4000_0000; // CLONE_NEWNET
    private const int CloseOnExec = 0x8_0000; // O_CLOEXEC, with O_RDONLY

    /// <summary>Puts the calling thread, and no other, into a new network namespace.</summary>
    public static void Unshare() => Check(unshare(NewNet), "unshare");

    public static void Enter(int descriptor) => Check(setns(descriptor, NewNet), "setns");

    public static int Open(string path) => Check(open(path, CloseOnExec), path);

    private static int Check(int result, string what) =>
        result >= 0 ? result : throw new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(int descriptor, int kind);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);
}
