using Podspace.Cli.Output;
using Podspace.Model;
using Podspace.Observed;
using Podspace.Operations;
using Podspace.Planning;
using Podspace.Rendering;
using Podspace.Spec;
using Podspace.Steps;

namespace Podspace.Cli;

/// <summary>One spec against one world, as a person named them.</summary>
/// <param name="where">What the person said, for commands to copy.</param>
internal sealed class Session(OverlaySpec spec, Connections connections, Where? where = null)
{
    public Where Where { get; } = where ?? Where.Unsaid;

    public bool IsAlone { get; init; } = true;

    /// <summary>The file that the spec stands in; null where it came from none.</summary>
    public SourceText? Source { get; init; }

    /// <summary>As last seen; empty before.</summary>
    public string Account { get; set; } = "";

    /// <summary>Where it is said when a look takes its time; null: nobody hears.</summary>
    public Terminal? Terminal { get; init; }

    /// <summary>What Terraform keeps, as far as it was told.</summary>
    public TerraformState Terraform { get; init; } = TerraformState.None;

    public OverlaySpec Spec => spec;

    public Connections Connections => connections;

    /// <summary>Stands in for what cannot be read; null: nothing does.</summary>
    public Evidence? Evidence { get; init; }

    /// <summary>As operations take it.</summary>
    public Overlay For(IOperationHost? hearing) =>
        new(spec, connections, new Listening(this, hearing ?? new SilentHost())) { Evidence = Evidence, Terraform = Terraform };

    public Task<Inventory> ObserveAsync(CancellationToken cancel) => LookAsync(overlay => overlay.ObserveAsync(cancel));

    /// <summary>Everything up to the plan. Without a value, the findings say why.</summary>
    public Task<PlannedState> PlanAsync(CancellationToken cancel) => LookAsync(overlay => overlay.PlanAsync(cancel));

    /// <summary>The world as it will be once the spec is applied, nodes not yet replaced.</summary>
    /// <exception cref="UsageException">There is no plan, or the copy refused a step of it.</exception>
    public async Task<Inventory> ObservePlannedAsync(CancellationToken cancel)
    {
        var (inventory, reason) = await LookAsync(overlay => PlannedWorld.ObserveAsync(overlay, new TwinCopies(), cancel));
        return inventory ?? throw new UsageException($"{reason}");
    }

    /// <summary>Runs what changes nothing, and says so when it takes its time.</summary>
    public async Task<T> LookAsync<T>(Func<Overlay, Task<T>> look)
    {
        using var printer = Terminal is null ? null : new OperationPrinter(Terminal, this, new(Yes: false, Where.IsQuiet));
        return await look(For(printer));
    }

    /// <summary>What the plan leaves to others, in their languages.</summary>
    public EquatableArray<Patch> PatchesOf(PlannedState state, Plan plan) =>
        plan.Steps.Any(step => step.Owner != Owner.Podspace)
            ? Patches.Of(Blueprint.From(spec, state.Desired ?? new() { Vpc = new(spec.Vpc) }, state.Inventory), plan, Terraform)
            : [];

    /// <summary>Keeps what the table of several overlays says of each.</summary>
    private sealed class Listening(Session session, IOperationHost host) : IOperationHost
    {
        public void Hear(OperationEvent happened)
        {
            if (happened is OperationEvent.Looked { Account: var account })
            {
                session.Account = account;
            }
            host.Hear(happened);
        }

        public Task<Approval> ApproveAsync(Question question, CancellationToken cancel) => host.ApproveAsync(question, cancel);
    }
}
