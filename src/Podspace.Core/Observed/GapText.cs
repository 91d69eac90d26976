using Podspace.Model;

namespace Podspace.Observed;

/// <summary>What to say of readings that could not be made: one message for one cause, however many readings it cost.</summary>
internal static class GapText
{
    /// <summary>Whom a reading asks: an AWS service, or the cluster's API server.</summary>
    public static string Asked(Gap gap)
    {
        var right = Needs.Of(gap.Reading).Right;
        var colon = right.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return "the cluster's API server";
        }
        return gap.Cause == GapCause.NotSignedIn ? "AWS" : $"AWS ({right[..colon]})";
    }

    /// <summary>Of a cause that is not the reading's own: who was asked, and why there is nothing.</summary>
    public static string Problem(Gap gap) =>
        gap.Cause switch
        {
            GapCause.NoAnswer when gap.Why.Contains("Name or service not known", StringComparison.Ordinal) =>
                $"{Capital(Asked(gap))} cannot be found ({gap.Why}), and nothing is decided without it. "
                    + $"No such host: either there is no way to AWS from here, or 'spec.region' is mistyped.",
            GapCause.NoAnswer when gap.Why.StartsWith("InvalidAnswer", StringComparison.Ordinal) =>
                $"{Capital(Asked(gap))} gives no answer that is one, however often "
                    + $"it is asked ({gap.Why}), and nothing is decided without it. "
                    + "A proxy on the way may be answering in its place.",
            GapCause.NoAnswer =>
                $"{Capital(Asked(gap))} gives no answer, however often it is asked ({gap.Why}), and nothing is decided without it.",
            // None could be had, so none was refused.
            GapCause.NotSignedIn when gap.Why.StartsWith("NoCredentials", StringComparison.Ordinal) =>
                $"{Capital(Asked(gap))} cannot be asked, and nothing is decided without it. {gap.Why}",
            GapCause.NotSignedIn => $"{Capital(Asked(gap))} does not take the credentials, and nothing is decided without it. {gap.Why}",
            GapCause.Broken => Unread(gap),
            GapCause.NotAllowed => $"{Needs.Of(gap.Reading).Right} was not possible ({gap.Why}), "
                + $"so {Needs.Of(gap.Reading).Checks} is not known, and nothing is decided without it.",
        };

    /// <summary>That it was not read, and why. What is broken says itself how to put it right.</summary>
    public static string Unread(Gap gap) =>
        gap.Cause == GapCause.Broken ? gap.Why : $"{Needs.Of(gap.Reading).Right} was not possible ({gap.Why}).";

    public static string Fix(Gap gap) =>
        gap.Cause switch
        {
            GapCause.NoAnswer => "Once it answers, run the same command again.",
            // The reason ends with what to do.
            GapCause.NotSignedIn or GapCause.Broken => "",
            GapCause.NotAllowed => $"Allow {Needs.Of(gap.Reading).Right}.",
        };

    private static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
