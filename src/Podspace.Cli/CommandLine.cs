using System.CommandLine;

namespace Podspace.Cli;

/// <summary>The whole command line, in process: arguments in, text and exit code out.</summary>
public static class CommandLine
{
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Gives the pods of an Amazon EKS cluster an address space of their own.");
        return root.Parse(args).InvokeAsync(new() { Output = output, Error = error });
    }
}
