namespace Podspace.Spec;

/// <summary>Codes of findings about the document itself. Stable for ever; docs/findings.md explains each.</summary>
internal static class SpecCodes
{
    // What can be said of one value alone.
    public const string Empty = "PS0001";
    public const string NotYaml = "PS0002";
    public const string TooLarge = "PS0003";
    public const string OtherKind = "PS0004";
    public const string NotABlock = "PS0005";
    public const string UnknownKey = "PS0006";
    public const string KeyTwice = "PS0007";
    public const string KeyMissing = "PS0008";
    public const string WrongShape = "PS0009";
    public const string NotAChoice = "PS0010";
    public const string BadText = "PS0011";
    public const string WrongId = "PS0012";
    public const string NumberOutOfRange = "PS0013";
    public const string SeveralDocuments = "PS0014";
    public const string OverlayTwice = "PS0015";
    public const string ClusterTwice = "PS0016";

    // What contradicts another value.
    public const string BlockSize = "PS0101";
    public const string SubnetLength = "PS0102";
    public const string BlocksOverlap = "PS0103";
    public const string BlockOutsidePool = "PS0104";
    public const string BlockAvoided = "PS0105";
    public const string ListedTwice = "PS0106";
    public const string ModesContradict = "PS0107";
    public const string ZonesNeeded = "PS0108";
    public const string ZoneNotListed = "PS0109";
    public const string ZoneOfOtherRegion = "PS0110";
    public const string RouteContradicts = "PS0111";
    public const string RouteWithoutUse = "PS0112";
    public const string TooManyGroups = "PS0113";
    public const string PoolEmpty = "PS0114";
    public const string TagNotOurs = "PS0115";
    public const string NameTemplate = "PS0116";
    public const string SettingWithoutUse = "PS0117";
    public const string NotInThisVersion = "PS0118";
}
