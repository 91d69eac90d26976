using System.CommandLine;
using Podspace.Steps;

namespace Podspace.Cli;

/// <summary>The stages that a person can name; the fourth, nodes, is <c>rollout</c>'s.</summary>
internal static class StageOption
{
    public static Option<Stage?> Make(string description)
    {
        var option = new Option<Stage?>("--stage") { Description = description, HelpName = "stage" };
        option.AcceptOnlyFromAmong("network", "admit", "switch");
        return option;
    }
}
