using System.Runtime.CompilerServices;

namespace Podspace.Tests;

/// <summary>Holds text against a file beside the test; <c>./test accept</c> rewrites the file, and git shows what changed.</summary>
internal static class Golden
{
    /// <param name="path">Relative to the tests' project folder.</param>
    public static void Matches(string text, string path)
    {
        var file = Path.Combine(Root(), path);
        if (Environment.GetEnvironmentVariable("PODSPACE_ACCEPT") is "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            return;
        }
        Assert.True(File.Exists(file), $"{path} does not exist. To make it: ./test accept");
        Assert.Equal(File.ReadAllText(file), text);
    }

    /// <summary>The tests' project folder.</summary>
    public static string Root() => Here();

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    /// <summary>The checkout.</summary>
    public static string Checkout() => Path.GetFullPath(Path.Combine(Root(), "..", ".."));
}
