using System.Collections.Concurrent;

namespace Podspace.Lab.Kernel;

/// <summary>The one thread that goes from namespace to namespace. All others, the pool's above all, stay in the host's.</summary>
internal sealed class LabThread : IDisposable
{
    private readonly BlockingCollection<Action> work = [];
    private readonly Thread thread;

    public LabThread()
    {
        thread = new(() =>
        {
            foreach (var piece in work.GetConsumingEnumerable())
            {
                piece();
            }
        })
        {
            IsBackground = true,
            Name = "lab",
        };
        thread.Start();
    }

    /// <summary>Does it there, and waits.</summary>
    public T Do<T>(Func<T> what)
    {
        var done = new TaskCompletionSource<T>();
        work.Add(() =>
        {
            try
            {
                done.SetResult(what());
            }
#pragma warning disable CA1031 // It is thrown again, to whom asked.
            catch (Exception wrong)
#pragma warning restore CA1031
            {
                done.SetException(wrong);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        work.CompleteAdding();
        thread.Join();
        work.Dispose();
    }
}
