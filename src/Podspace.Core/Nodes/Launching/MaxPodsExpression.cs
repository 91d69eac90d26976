using Podspace.Cni;

namespace Podspace.Nodes.Launching;

/// <summary>nodeadm's maxPodsExpression: as much of CEL as arithmetic over a type's limits
/// takes. Functions and doubles are not in it.</summary>
/// <remarks>Source: nodeadm, "Defining a Max Pods Expression": three whole numbers are known by name; what cannot
/// be counted, or is not above 0, gives way to the standard formula.</remarks>
public sealed class MaxPodsExpression
{
    private readonly Func<Limits, long> value;

    private MaxPodsExpression(Func<Limits, long> value) => this.value = value;

    private readonly record struct Limits(long Interfaces, long Addresses, long Standard);

    /// <summary>Null: it says something that is not understood here.</summary>
    public static MaxPodsExpression? Parse(string text) => new Reader(text).Whole() is { } value ? new(value) : null;

    public int On(InstanceLimits limits)
    {
        var standard = Standard(limits);
        try
        {
            var counted = value(new(limits.Interfaces, limits.AddressesPerInterface, standard));
            return counted is > 0 and <= int.MaxValue ? (int)counted : standard;
        }
        catch (ArithmeticException)
        {
            return standard;
        }
    }

    /// <summary>What an AMI counts where nothing is said: every interface of the type.</summary>
    public static int Standard(InstanceLimits limits) =>
        MaxPods.Uncapped(limits, customNetworking: false, prefixes: false) ?? MaxPods.OnHostNetwork;

    /// <summary>Flags are kept as 0 and 1; which of the two a part is, is checked while reading, as CEL does.</summary>
    private sealed class Reader(string text)
    {
        // Loosest first. Longer ones stand before those that they begin with.
        private static readonly string[][] Levels =
        [
            ["||"],
            ["&&"],
            ["==", "!=", "<=", ">=", "<", ">"],
            ["+", "-"],
            ["*", "/", "%"],
        ];

        private int at;

        private sealed record Part(bool IsFlag, Func<Limits, long> Value);

        public Func<Limits, long>? Whole() => Choice() is { IsFlag: false } part && Rest().Length == 0 ? part.Value : null;

        private Part? Choice()
        {
            var first = Level(0);
            if (first is null || !Take("?"))
            {
                return first;
            }
            return first.IsFlag && Choice() is { } yes && Take(":") && Choice() is { } no && yes.IsFlag == no.IsFlag
                ? new(yes.IsFlag, limits => first.Value(limits) != 0 ? yes.Value(limits) : no.Value(limits))
                : null;
        }

        private Part? Level(int level)
        {
            if (level == Levels.Length)
            {
                return Single();
            }
            var left = Level(level + 1);
            while (left is not null && Levels[level].FirstOrDefault(Take) is { } sign)
            {
                left = Level(level + 1) is { } right ? Joined(sign, left, right) : null;
            }
            return left;
        }

        private static Part? Joined(string sign, Part left, Part right)
        {
            var (a, b) = (left.Value, right.Value);
            return (sign, left.IsFlag, right.IsFlag) switch
            {
                ("||", true, true) => new(true, limits => a(limits) | b(limits)),
                ("&&", true, true) => new(true, limits => a(limits) & b(limits)),
                ("==", var one, var other) when one == other => new(true, limits => a(limits) == b(limits) ? 1 : 0),
                ("!=", var one, var other) when one == other => new(true, limits => a(limits) != b(limits) ? 1 : 0),
                ("<=", false, false) => new(true, limits => a(limits) <= b(limits) ? 1 : 0),
                (">=", false, false) => new(true, limits => a(limits) >= b(limits) ? 1 : 0),
                ("<", false, false) => new(true, limits => a(limits) < b(limits) ? 1 : 0),
                (">", false, false) => new(true, limits => a(limits) > b(limits) ? 1 : 0),
                ("+", false, false) => new(false, limits => checked(a(limits) + b(limits))),
                ("-", false, false) => new(false, limits => checked(a(limits) - b(limits))),
                ("*", false, false) => new(false, limits => checked(a(limits) * b(limits))),
                ("/", false, false) => new(false, limits => a(limits) / b(limits)),
                ("%", false, false) => new(false, limits => a(limits) % b(limits)),
                _ => null,
            };
        }

        private Part? Single()
        {
            if (Take("("))
            {
                return Choice() is { } inner && Take(")") ? inner : null;
            }
            if (Take("-"))
            {
                return Single() is { IsFlag: false } positive ? new(false, limits => checked(-positive.Value(limits))) : null;
            }
            if (Take("!"))
            {
                return Single() is { IsFlag: true } flag ? new(true, limits => 1 - flag.Value(limits)) : null;
            }
            return Word() switch
            {
                "default_enis" => new(false, limits => limits.Interfaces),
                "ips_per_eni" => new(false, limits => limits.Addresses),
                "max_pods" => new(false, limits => limits.Standard),
                "true" => new(true, _ => 1),
                "false" => new(true, _ => 0),
                var word => long.TryParse(
                    word,
                    System.Globalization.NumberStyles.None,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out var number
                )
                    ? new(false, _ => number)
                    : null,
            };
        }

        private string Word()
        {
            var rest = Rest();
            var length = 0;
            while (length < rest.Length && (char.IsAsciiLetterOrDigit(rest[length]) || rest[length] is '_' or '.'))
            {
                length++;
            }
            at += length;
            return rest[..length].ToString();
        }

        private bool Take(string sign)
        {
            if (!Rest().StartsWith(sign, StringComparison.Ordinal))
            {
                return false;
            }
            at += sign.Length;
            return true;
        }

        private ReadOnlySpan<char> Rest()
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            return text.AsSpan(at);
        }
    }
}
