using System.Collections;
using System.Reflection;
using Podspace.Addressing;
using Podspace.Model;
using Podspace.Naming;

namespace Podspace.Tests.Diagnosis;

/// <summary>Takes things out of an inventory at random, or puts others in their place: dangling ids,
/// overlapping blocks, empty texts, half-read lists.</summary>
internal sealed class Mangling(int seed)
{
    private const int MostWounds = 8;

    private static readonly MethodInfo ToEquatable = typeof(EquatableArray).GetMethod(nameof(EquatableArray.ToEquatable))!;
    private static readonly NullabilityInfoContext Nullability = new();

    private readonly Random random = new(seed);
    private int made;

    public Inventory Of(Inventory inventory)
    {
        for (var wounds = 1 + random.Next(MostWounds); wounds > 0; wounds--)
        {
            inventory = (Inventory)Wounded(inventory);
        }
        return inventory;
    }

    /// <summary>A copy with one property in a sorry state, or one of something in it.</summary>
    private object Wounded(object thing)
    {
        // A NodePool's document is written anew by whoever reads it, and a record that holds none is a gap.
        var properties = thing
            .GetType()
            .GetProperties()
            .Where(property =>
                property.CanWrite
                && property.GetIndexParameters().Length == 0
                && !(thing is SeenNodePool && property.Name == nameof(SeenNodePool.Spec))
                && thing is not SeenRecord
            )
            .ToList();
        if (properties.Count == 0)
        {
            return thing;
        }
        var property = properties[random.Next(properties.Count)];
        var copy = thing.GetType().GetMethod("<Clone>$")!.Invoke(thing, null)!;
        property.SetValue(copy, Instead(property.GetValue(thing), MayBeNull(property)));
        return copy;
    }

    private object? Instead(object? value, bool mayBeNull) =>
        value switch
        {
            null => null,
            _ when mayBeNull && Chance(4) => null,
            string text => random.Next(4) switch
            {
                0 => "",
                1 => "gone",
                2 => text + "x",
                _ => text.ToUpperInvariant(),
            },
            bool flag => !flag,
            int => random.Next(4) switch
            {
                0 => 0,
                1 => -1,
                2 => int.MaxValue,
                _ => random.Next(70_000),
            },
            AwsId id => new AwsId($"{id.Text.Split('-')[0]}-gone{made++}"),
            Address => new Address(
                random.Next(3) switch
                {
                    0 => 0,
                    1 => uint.MaxValue,
                    _ => (uint)random.NextInt64(uint.MaxValue),
                }
            ),
            Cidr => Cidr.Parse(
                random.Next(5) switch
                {
                    0 => "0.0.0.0/0",
                    1 => "10.0.0.0/8",
                    2 => "100.64.0.0/10",
                    3 => "255.255.255.255/32",
                    _ => "100.64.0.0/28",
                }
            ),
            Enum one => Enum.GetValues(one.GetType()) is var all ? all.GetValue(random.Next(all.Length)) : one,
            _ when value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(EquatableArray<>) =>
                InsteadOfAll((IEnumerable)value, type.GetGenericArguments()[0]),
            // Values that are only ever valid, and records of one level more.
            _ => value.GetType().GetMethod("<Clone>$") is null ? value : Wounded(value),
        };

    private object InsteadOfAll(IEnumerable items, Type type)
    {
        var all = items.Cast<object?>().ToList();
        if (all.Count > 0)
        {
            var one = random.Next(all.Count);
            switch (random.Next(5))
            {
                case 0:
                    all.Clear();
                    break;
                case 1 or 2:
                    all.RemoveAt(one);
                    break;
                default:
                    all[one] = Instead(all[one], mayBeNull: false);
                    break;
            }
        }
        var typed = Array.CreateInstance(type, all.Count);
        for (var i = 0; i < all.Count; i++)
        {
            typed.SetValue(all[i], i);
        }
        return ToEquatable.MakeGenericMethod(type).Invoke(null, [typed])!;
    }

    private static bool MayBeNull(PropertyInfo property)
    {
        lock (Nullability)
        {
            return Nullability.Create(property).WriteState == NullabilityState.Nullable;
        }
    }

    private bool Chance(int oneIn) => random.Next(oneIn) == 0;
}
