using Podspace.Planning;

namespace Podspace.Cli.Output;

/// <summary>What a command says of several overlays: each text as it comes and a table at the end, or one document.</summary>
internal sealed class SeveralSaid(Terminal terminal, Form form)
{
    private readonly List<Standing> rows = [];
    private readonly List<string> documents = [];
    private int exit = ExitCode.Fine;

    public void Add(Session session, Said said)
    {
        exit = ExitCode.Worst(exit, said.Exit);
        rows.Add(
            new(said.State, said.Next)
            {
                Overlay = session.Spec.Name,
                Cluster = session.Spec.Cluster ?? "none",
                Account = PlanText.Account(session.Account, terminal.IsTerminal),
                Region = session.Spec.Region,
            }
        );
        if (form.IsJson)
        {
            documents.Add(said.Json?.Invoke() ?? ResultJson.OfMistake(said.Text.Trim(), session, terminal.IsTerminal));
        }
        if (!form.IsJson || said.IsProblem)
        {
            form.SayText(terminal, said);
        }
    }

    /// <returns>The worst exit code.</returns>
    public int End()
    {
        if (form.IsJson)
        {
            terminal.Output.Write(ResultJson.List(documents));
        }
        else if (form.Format == "text")
        {
            terminal.Output.Write(Standing.Table(rows, terminal.Width));
        }
        return exit;
    }
}
