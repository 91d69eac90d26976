using Podspace.Observed;

namespace Podspace.Tests.Design;

public sealed class NeedDocsTests
{
    [Fact]
    public void The_table_of_reads_is_in_the_docs_row_by_row()
    {
        var docs = File.ReadAllText(Path.Combine(Golden.Checkout(), "docs", "permissions.md"));

        Assert.All(
            Needs.All,
            need =>
            {
                var row = Assert.Single(
                    docs.Split('\n'),
                    line => line.StartsWith($"| {need.Reading} | {(need.IsNeeded ? "yes" : "advisory")} | ", StringComparison.Ordinal)
                );
                Assert.EndsWith($" | {need.Checks} |", row, StringComparison.Ordinal);
                Assert.All(
                    need.Permissions,
                    permission =>
                        Assert.Contains(
                            $"`{permission}".Replace(" in kube-system", "", StringComparison.Ordinal),
                            row,
                            StringComparison.Ordinal
                        )
                );
            }
        );
    }
}
