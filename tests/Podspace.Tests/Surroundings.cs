using System.Runtime.CompilerServices;

namespace Podspace.Tests;

/// <summary>What the person at this machine has kept for himself is none of a test's business.</summary>
internal static class Surroundings
{
    /// <summary>A cache that is never there: what EC2 once said of instance types would change what <c>capacity</c> prints.</summary>
    [ModuleInitializer]
    internal static void HaveNoCache() =>
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", Path.Combine(Path.GetTempPath(), $"podspace-tests-{Environment.ProcessId}"));
}
