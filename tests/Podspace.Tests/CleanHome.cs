using System.Runtime.CompilerServices;

namespace Podspace.Tests;

/// <summary>What the person who runs the tests has in their cache changes nothing in them, and they leave nothing there.</summary>
internal static class CleanHome
{
    [ModuleInitializer]
    internal static void Open()
    {
        var home = Directory.CreateTempSubdirectory("podspace-home-");
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", Path.Combine(home.FullName, "cache"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => home.Delete(recursive: true);
    }
}
