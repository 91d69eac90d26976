namespace Podspace.Model;

/// <summary>What user data tells a node about max-pods. A closed set, and all that is kept
/// of user data: the rest may hold secrets.</summary>
public abstract record ToldPods
{
    private ToldPods() { }

    /// <summary>A number, whatever the type.</summary>
    public sealed record Number(int Pods, MaxPodsPlace Place) : ToldPods;

    /// <param name="Expression">nodeadm's maxPodsExpression, in CEL.</param>
    public sealed record Formula(string Expression) : ToldPods;

    /// <summary>Nothing is said, so the AMI counts by itself: every interface of the type, whatever the CNI is set to.</summary>
    /// <param name="Place">Where something would be said.</param>
    public sealed record Usual(MaxPodsPlace Place) : ToldPods;

    /// <param name="Why">A clause for people: what kept it from being read.</param>
    public sealed record Unknown(string Why) : ToldPods;
}

/// <summary>The line that max-pods stands in.</summary>
public enum MaxPodsPlace
{
    NodeConfigExpression,
    NodeConfigNumber,
    NodeConfigFlag,
    Bottlerocket,
    BootstrapScript,
}
