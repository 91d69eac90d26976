using System.Diagnostics;
using Podspace.Lab.Drawing;

namespace Podspace.Lab.Kernel;

/// <summary>A network that stands. Every namespace of it belongs to this process and goes with it, even
/// when it is killed; the machine's own is never touched.</summary>
public sealed class RunningLab : IDisposable
{
    private readonly LabThread thread = new();
    private readonly Dictionary<string, NetworkNamespace> namespaces = new(StringComparer.Ordinal);

    private RunningLab(LabNetwork network) => Network = network;

    public LabNetwork Network { get; }

    /// <summary>Where other processes find each namespace.</summary>
    public IReadOnlyDictionary<string, string> Paths =>
        namespaces.ToDictionary(one => one.Key, one => one.Value.Path, StringComparer.Ordinal);

    /// <exception cref="LabUnavailableException">A tool refused its part.</exception>
    public static RunningLab Build(LabNetwork network)
    {
        var lab = new RunningLab(network);
        try
        {
            lab.Do(() =>
            {
                lab.Build();
                return 0;
            });
            return lab;
        }
        catch
        {
            lab.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        thread.Dispose();
        foreach (var one in namespaces.Values)
        {
            one.Dispose();
        }
    }

    /// <summary>Runs a program in a namespace, at this terminal, until it ends.</summary>
    public static int Run(string namespacePath, IReadOnlyList<string> words, string prompt)
    {
        using var thread = new LabThread();
        return thread.Do(() =>
        {
            using var there = NetworkNamespace.Open(namespacePath);
            there.Enter();
            var start = new ProcessStartInfo(Requirements.Meant(words[0]));
            foreach (var word in words.Skip(1))
            {
                start.ArgumentList.Add(word);
            }
            start.Environment["PS1"] = prompt;
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode;
        });
    }

    internal T Do<T>(Func<T> what) => thread.Do(what);

    /// <summary>To be called on the lab's own thread.</summary>
    internal void Enter(string name) => namespaces[name].Enter();

    private void Build()
    {
        foreach (var netns in Network.Namespaces)
        {
            namespaces.Add(netns.Name, NetworkNamespace.Make());
            Write(netns.Settings);
        }
        Batches(netns => netns.Cables.IsEmpty ? "" : Plugged(netns));
        Batches(netns => string.Join('\n', netns.Lines));
        var tools = new List<Tool>();
        foreach (var netns in Network.Namespaces)
        {
            Enter(netns.Name);
            Write(netns.DeviceSettings);
            if (netns.Nft.Length > 0)
            {
                tools.Add(Tool.Start(Requirements.Find("nft")!, "-f -", netns.Nft, netns.Name));
            }
            if (netns.Iptables.Length > 0)
            {
                tools.Add(Tool.Start(Requirements.Find("iptables-restore")!, "", netns.Iptables, netns.Name));
            }
        }
        Finish(tools);
    }

    private string Plugged(Netns netns)
    {
        var text = string.Join('\n', netns.Cables);
        foreach (var (name, one) in namespaces)
        {
            text = text.Replace($"{{{name}}}", one.Path, StringComparison.Ordinal);
        }
        return text;
    }

    private void Batches(Func<Netns, string> lines)
    {
        var tools = new List<Tool>();
        foreach (var netns in Network.Namespaces)
        {
            if (lines(netns) is { Length: > 0 } text)
            {
                Enter(netns.Name);
                tools.Add(Tool.Start(Requirements.Find("ip")!, "-batch -", text + "\n", netns.Name));
            }
        }
        Finish(tools);
    }

    private static void Finish(List<Tool> tools)
    {
        try
        {
            tools.ForEach(tool => tool.Finish());
        }
        finally
        {
            tools.ForEach(tool => tool.Dispose());
        }
    }

    private static void Write(EquatableArray<(string File, string Value)> settings)
    {
        foreach (var (file, value) in settings)
        {
            File.WriteAllText($"/proc/sys/net/{file}", value);
        }
    }
}
