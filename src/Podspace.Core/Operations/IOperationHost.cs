namespace Podspace.Operations;

/// <summary>Whoever runs an operation: hears what happens and answers for it.</summary>
public interface IOperationHost
{
    /// <summary>Called as it happens, from any thread; must not block.</summary>
    void Hear(OperationEvent happened);

    /// <summary>Asked once, before the first change.</summary>
    Task<Approval> ApproveAsync(Question question, CancellationToken cancel);
}

public enum Approval
{
    Declined,

    /// <summary>What was shown, as long as what it stands on does not change.</summary>
    AsShown,

    /// <summary>Whatever is right when the lock is ours.</summary>
    Whatever,
}

/// <summary>Hears nothing and agrees to nothing: for operations that only look.</summary>
public sealed class SilentHost : IOperationHost
{
    public void Hear(OperationEvent happened) { }

    public Task<Approval> ApproveAsync(Question question, CancellationToken cancel) => Task.FromResult(Approval.Declined);
}
