namespace Podspace.ServerTests;

/// <summary>How code is laid out is nobody's opinion: the formatter that the repository names says it.</summary>
public sealed class FormatTests
{
    [Fact]
    public async Task Code_is_laid_out_as_the_formatter_lays_it_out()
    {
        await DotnetAsync("tool", "restore");

        await DotnetAsync("csharpier", "check", "src", "tests", "bench");
    }

    private static async Task DotnetAsync(params string[] words)
    {
        var (code, said) = await Tool.RunAsync("dotnet", GuideServer.Checkout(), words);
        Assert.True(code == 0, $"dotnet {string.Join(' ', words)} ended with {code}. To lay the code out: ./test format\n{said}");
    }
}
