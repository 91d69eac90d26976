using System.Diagnostics;

namespace Podspace.Lab.Kernel;

/// <summary>A program that is started in the calling thread's namespace and fed through its standard input.</summary>
internal sealed class Tool : IDisposable
{
    private readonly Process process;
    private readonly string input;
    private readonly string what;

    private Tool(Process process, string input, string what) => (this.process, this.input, this.what) = (process, input, what);

    /// <summary>Starts it; several run side by side until they are waited for.</summary>
    public static Tool Start(string program, string arguments, string input, string what)
    {
        var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return new(process, input, what);
    }

    /// <exception cref="LabUnavailableException">It did not do what it was told.</exception>
    public void Finish()
    {
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new LabUnavailableException(
                $"{process.StartInfo.FileName} refused what {what} was to be furnished with: {said.Trim()}\n{Numbered(input)}"
            );
        }
    }

    public void Dispose() => process.Dispose();

    private static string Numbered(string text) => string.Join('\n', text.Split('\n').Select((line, i) => $"{i + 1, 4} {line}"));
}

/// <summary>The machine did not let a lab be.</summary>
public sealed class LabUnavailableException(string message) : Exception(message);
