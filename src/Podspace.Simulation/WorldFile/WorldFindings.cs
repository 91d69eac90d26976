using Podspace.Findings;

namespace Podspace.Simulation.WorldFile;

/// <summary>What can be wrong with a world file: PS9001 and up. docs/world.md shows each.</summary>
internal sealed class WorldFindings(string file)
{
    public const string NotYaml = "PS9001";
    public const string Empty = "PS9002";
    public const string WrongKind = "PS9003";
    public const string TooLarge = "PS9004";
    public const string NotOneDocument = "PS9005";
    public const string Alias = "PS9006";
    public const string DuplicateKey = "PS9007";
    public const string UnknownKey = "PS9008";
    public const string BadValue = "PS9009";
    public const string DuplicateId = "PS9010";
    public const string Dangling = "PS9011";
    public const string BadAddress = "PS9012";
    public const string BadManifest = "PS9013";

    /// <summary>More helps nobody, and a file that is something else altogether would give one a line.</summary>
    private const int Most = 100;

    private readonly List<Finding> findings = [];

    public bool Any => findings.Count > 0;

    public void Add(string code, int line, int column, string path, string problem, string fix)
    {
        if (findings.Count < Most)
        {
            findings.Add(new(code, Severity.Error, path, new(file, line, column, path), problem, fix));
        }
    }

    /// <summary>In the file's order.</summary>
    public EquatableArray<Finding> Sorted() =>
        findings.OrderBy(finding => finding.Place!.Line).ThenBy(finding => finding.Place!.Column).ToEquatable();
}
