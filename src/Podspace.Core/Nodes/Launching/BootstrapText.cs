using System.Globalization;
using System.Text.RegularExpressions;
using Podspace.Model;

namespace Podspace.Nodes.Launching;

/// <summary>The call of <c>/etc/eks/bootstrap.sh</c> in a script. Nothing is run: variables are
/// followed as far as the script sets them to plain words.</summary>
/// <remarks>Source: amazon-eks-ami, bootstrap.sh: without --use-max-pods false it looks the type up in
/// eni-max-pods.txt; --kubelet-extra-args come last and win.</remarks>
internal static partial class BootstrapText
{
    /// <summary>What a kubelet takes that is told nothing at all. Source: Kubernetes, KubeletConfiguration, maxPods.</summary>
    public const int OfKubelet = 110;

    // One variable may hold another; a few rounds are more than anybody writes.
    private const int MostRounds = 4;

    /// <summary>Null: the script does not call it.</summary>
    public static ToldPods? Read(string script)
    {
        var whole = Continued().Replace(script, " ");
        if (Calls().Matches(whole) is not { Count: > 0 } calls)
        {
            return null;
        }
        var call = Filled(calls[^1].Value, whole);
        if (Told().Matches(call) is { Count: > 0 } told)
        {
            return int.TryParse(told[^1].Groups["pods"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var pods)
                ? new ToldPods.Number(pods, MaxPodsPlace.BootstrapScript)
                : new ToldPods.Unknown("its script works out --max-pods only when it runs");
        }
        if (Open().IsMatch(call))
        {
            return new ToldPods.Unknown("its script puts the kubelet's arguments together only when it runs");
        }
        return NotCounted().IsMatch(call)
            ? new ToldPods.Number(OfKubelet, MaxPodsPlace.BootstrapScript)
            : new ToldPods.Usual(MaxPodsPlace.BootstrapScript);
    }

    private static string Filled(string call, string script)
    {
        var values = Assignments()
            .Matches(script)
            .GroupBy(match => match.Groups["name"].Value)
            .ToDictionary(group => group.Key, group => group.Last().Groups["value"].Value);
        for (var round = 0; round < MostRounds && Variables().IsMatch(call); round++)
        {
            call = Variables().Replace(call, match => values.GetValueOrDefault(match.Groups["name"].Value, match.Value));
        }
        return call;
    }

    [GeneratedRegex("\\\\\\r?\\n")]
    private static partial Regex Continued();

    [GeneratedRegex("^[^#\\n]*/etc/eks/bootstrap\\.sh\\b.*$", RegexOptions.Multiline)]
    private static partial Regex Calls();

    [GeneratedRegex("--max-pods[= ]+[\"']?(?<pods>[^\\s\"']+)")]
    private static partial Regex Told();

    [GeneratedRegex("--kubelet-extra-args[= ]+(\"[^\"]*[$`]|[$`])")]
    private static partial Regex Open();

    [GeneratedRegex("--use-max-pods[= ]+[\"']?false")]
    private static partial Regex NotCounted();

    [GeneratedRegex(
        "^\\s*(export\\s+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)="
            + "(\"(?<value>[^\"$`\\n]*)\"|'(?<value>[^'\\n]*)'|(?<value>[^\\s\"'$`;]+))\\s*;?\\s*$",
        RegexOptions.Multiline
    )]
    private static partial Regex Assignments();

    [GeneratedRegex("\\$(\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\\}|(?<name>[A-Za-z_][A-Za-z0-9_]*))")]
    private static partial Regex Variables();
}
