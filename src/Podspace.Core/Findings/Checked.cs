using System.Diagnostics.CodeAnalysis;

namespace Podspace.Findings;

/// <summary>A result with what is to be said about it. There is a value exactly when no finding is an error.</summary>
public sealed record Checked<T>(T? Value, EquatableArray<Finding> Findings)
    where T : class
{
    public bool Ok([NotNullWhen(true)] out T? value)
    {
        value = Findings.Any(finding => finding.Severity == Severity.Error) ? null : Value;
        return value is not null;
    }
}
