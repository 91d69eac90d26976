using Podspace.Formats;

namespace Podspace.Tests.Cli;

public sealed class TableWidthTests
{
    private static readonly string[][] Rows =
    [
        ["overlay", "state", "next"],
        ["production-of-the-north", "the switch is left", "podspace rollout start"],
    ];

    [Fact]
    public void A_table_is_as_wide_as_it_is_where_nobody_knows_better() =>
        Assert.Equal(
            "overlay                  state               next\n" + "production-of-the-north  the switch is left  podspace rollout start\n",
            TextTable.Render(Rows)
        );

    [Fact]
    public void The_widest_columns_are_cut_with_a_sign() =>
        Assert.Equal(
            "overlay         state           next\n" + "production-of…  the switch is…  podspace rollout start\n",
            TextTable.Render(Rows, 54)
        );

    [Fact]
    public void A_command_to_copy_is_never_cut() =>
        Assert.Equal("overl…  state\n" + "produ…  the s…\n" + "    podspace rollout start\n", TextTable.Render(Rows, 30));
}
