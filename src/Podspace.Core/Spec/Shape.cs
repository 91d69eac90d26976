using System.Text.RegularExpressions;
using Podspace.Addressing;

namespace Podspace.Spec;

/// <summary>What a value may look like. One table of these (<see cref="OverlayKeys"/>) drives the
/// parser's checks, the JSON Schema and docs/overlay.md.</summary>
internal abstract record Shape
{
    private Shape() { }

    public sealed record Text(Format Format) : Shape;

    public sealed record Choice(params string[] Values) : Shape;

    public sealed record Number(int Min, int Max) : Shape;

    /// <summary><c>true</c> or <c>false</c>, or one of the further words.</summary>
    public sealed record Flag(params string[] Others) : Shape;

    public sealed record List(Shape Item) : Shape;

    /// <summary>One value, or a list of others.</summary>
    public sealed record OneOrList(Shape One, Shape Item) : Shape;

    public sealed record Map(params Key[] Keys) : Shape
    {
        public Key? Find(string name) => Array.Find(Keys, key => key.Name == name);
    }

    /// <summary>Keys are the author's.</summary>
    public sealed record Dictionary(Format KeyFormat, Shape Value) : Shape;
}

/// <param name="Default">What holds when it is left out, in the words of docs/overlay.md; null for required keys.</param>
internal sealed record Key(string Name, Shape Shape, string? Default, string Meaning)
{
    public bool IsRequired => Default is null;
}

/// <summary>The form of a text.</summary>
/// <param name="Meaning">With its article, as in "a VPC id such as vpc-0a1b…".</param>
/// <param name="Pattern">For the schema, and for the check unless <paramref name="Check"/> explains better.</param>
/// <param name="Check">Says what is wrong with a text, or null.</param>
internal sealed record Format(string Code, string Meaning, string Pattern, Func<string, string?>? Check = null)
{
    /// <summary>Null when the text is fine.</summary>
    public string? Problem(string text)
    {
        if (Check is not null)
        {
            return Check(text);
        }
        // $ also matches before a line's end, which no value here may hold.
        return !text.Contains('\n', StringComparison.Ordinal) && Regex.IsMatch(text, Pattern, RegexOptions.CultureInvariant)
            ? null
            : $"\"{Shorten(text)}\" is not {Meaning}.";
    }

    /// <summary>A value as it may stand in a message.</summary>
    public static string Shorten(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "…");
}

internal static class TextFormats
{
    public static readonly Format OverlayName = new(
        SpecCodes.BadText,
        "a DNS label of at most 40 characters: lower-case letters, digits and hyphens, starting and ending with a letter or digit",
        "^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$"
    );

    public static readonly Format Region = new(SpecCodes.BadText, "a region such as eu-west-1", "^[a-z]{2}(-[a-z]+)+-[0-9]+$");

    public static readonly Format Account = new(SpecCodes.BadText, "an account id: twelve digits, in quotes", "^[0-9]{12}$");

    /// <summary>Source: EKS API, CreateCluster.</summary>
    public static readonly Format Cluster = new(
        SpecCodes.BadText,
        "a cluster name: letters, digits, hyphens and underscores, at most 100, starting with a letter or digit",
        "^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$"
    );

    public static readonly Format Zone = new(
        SpecCodes.BadText,
        "a zone name such as eu-west-1b",
        "^[a-z]{2}(-[a-z]+)+-[0-9]+([a-z]|-[a-z]+-[0-9]+[a-z])$",
        CheckZone
    );

    public static readonly Format Block = new(
        SpecCodes.NotABlock,
        "a CIDR block such as 100.64.0.0/16",
        "^([0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2}$",
        CheckBlock
    );

    public static readonly Format Vpc = Id("a VPC id such as vpc-09796d57be9cec2d2", "vpc");

    public static readonly Format Subnet = Id("a subnet id such as subnet-0aa36b6cfca793d8d", "subnet");

    public static readonly Format NetworkAcl = Id("a network ACL id such as acl-0aa36b6cfca793d8d", "acl");

    public static readonly Format Group = Id("a security group id such as sg-02ecdb3b24e05c1c0", "sg");

    public static readonly Format Gateway = Id(
        "the id of a transit gateway, NAT gateway, peering or virtual private gateway (tgw-, nat-, pcx-, vgw-)",
        "tgw|nat|pcx|vgw"
    );

    public static readonly Format Object = new(
        SpecCodes.BadText,
        "a Kubernetes object name: lower-case letters, digits, hyphens and dots",
        "^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$"
    );

    public static readonly Format Role = new(
        SpecCodes.BadText,
        "an IAM role name or ARN",
        "^(arn:aws[a-z-]*:iam::[0-9]{12}:role/)?[A-Za-z0-9+=,.@_/-]{1,512}$"
    );

    public static readonly Format RoleArn = new(
        SpecCodes.BadText,
        "a role's ARN such as arn:aws:iam::111122223333:role/network",
        "^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$"
    );

    public static readonly Format ExternalId = new(
        SpecCodes.BadText,
        "an external id of 2 to 1224 characters",
        "^[A-Za-z0-9+=,.@:/_-]{2,1224}$"
    );

    /// <summary>Source: EC2 User Guide, tag restrictions.</summary>
    public static readonly Format TagKey = new(SpecCodes.BadText, "a tag key of 1 to 128 characters", "^.{1,128}$");

    public static readonly Format TagValue = new(SpecCodes.BadText, "a tag value of at most 256 characters", "^.{0,256}$");

    public static readonly Format Template = new(
        SpecCodes.BadText,
        "a name of 1 to 255 characters; {name}, {zone} and {cluster} are filled in",
        "^.{1,255}$"
    );

    public static readonly Format FindingCode = new(SpecCodes.BadText, "a finding's code such as PS2107", "^PS[0-9]{4}$");

    public static readonly Format Date = new(SpecCodes.BadText, "a day such as 2027-03-31", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", CheckDate);

    public static readonly Format Words = new(SpecCodes.BadText, "a text", "^.+$");

    private static Format Id(string meaning, string prefixes) =>
        new(
            SpecCodes.WrongId,
            meaning,
            prefixes.Contains('|', StringComparison.Ordinal) ? $"^({prefixes})-[0-9a-f]{{8,17}}$" : $"^{prefixes}-[0-9a-f]{{8,17}}$"
        );

    private static string? CheckBlock(string text)
    {
        return Cidr.TryParse(text, out _, out var problem) ? null : problem;
    }

    private static string? CheckDate(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", out _) ? null : $"\"{Format.Shorten(text)}\" is not a day such as 2027-03-31.";

    // The id of a zone (euw1-az2) names the same place in every account, its name does not: nodes carry the name as a label.
    private static string? CheckZone(string text)
    {
        if (Regex.IsMatch(text, "^[a-z0-9-]+-az[0-9]+$"))
        {
            return $"\"{text}\" is a zone's id; nodes carry the zone's name as their label, "
                + $"so the name of your account is wanted here, such as eu-west-1b.";
        }
        return Regex.IsMatch(text, "^[a-z]{2}(-[a-z]+)+-[0-9]+([a-z]|-[a-z]+-[0-9]+[a-z])$")
            ? null
            : $"\"{Format.Shorten(text)}\" is not a zone name such as eu-west-1b.";
    }
}
