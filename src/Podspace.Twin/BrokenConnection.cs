namespace Podspace.Twin;

public enum Break
{
    /// <summary>Nobody listens.</summary>
    Refused,

    /// <summary>Closed before an answer; whether anything was done, the client cannot know.</summary>
    Reset,

    /// <summary>No answer came for as long as anybody waits.</summary>
    TimedOut,
}

/// <summary>There is no answer at all. A handler in process throws what the network would; a server closes the connection.</summary>
public sealed class BrokenConnection(Break how) : Exception(how.ToString())
{
    public Break How => how;
}
