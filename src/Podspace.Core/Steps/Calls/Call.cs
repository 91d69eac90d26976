namespace Podspace.Steps.Calls;

/// <summary>One call of an API, as data: whoever makes it, tries it, types it or grants it reads the same.</summary>
public abstract record Call
{
    private protected Call() { }

    /// <summary>What it takes: actions of IAM, or verb and resource of RBAC rules.</summary>
    internal abstract IEnumerable<string> Rights { get; }

    /// <summary>As a person types it.</summary>
    internal abstract IEnumerable<string> Commands(StepContext context);
}
