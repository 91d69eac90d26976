using System.Runtime.CompilerServices;

namespace Podspace.Tests;

/// <summary>What whoever runs the tests has asked of EC2, and keeps in a cache, is no part of them.</summary>
internal static class OwnCache
{
    [ModuleInitializer]
    internal static void Set() => Environment.SetEnvironmentVariable("XDG_CACHE_HOME", Path.Combine(AppContext.BaseDirectory, "no-cache"));
}
