using System.Globalization;
using Podspace.Formats.Yaml;

namespace Podspace.Spec;

/// <summary>Holds a document against its <see cref="Shape"/>: every unknown key, wrong kind of
/// value and malformed text, each at its place.</summary>
internal sealed class ShapeCheck(SpecReport report)
{
    public void Check(YamlNode item, Shape shape, string path)
    {
        report.Note(path, item);
        switch (shape)
        {
            case Shape.Map map when item is YamlNode.Mapping mapping:
                CheckMap(mapping, map, path);
                break;
            case Shape.Dictionary dictionary when item is YamlNode.Mapping mapping:
                CheckDictionary(mapping, dictionary, path);
                break;
            case Shape.List list when item is YamlNode.Sequence sequence:
                CheckItems(sequence, list.Item, path);
                break;
            case Shape.OneOrList either when item is YamlNode.Sequence sequence:
                CheckItems(sequence, either.Item, path);
                break;
            case Shape.OneOrList either when item is YamlNode.Scalar:
                Check(item, either.One, path);
                break;
            case Shape.Text or Shape.Choice or Shape.Number or Shape.Flag when item is YamlNode.Scalar scalar:
                CheckScalar(scalar, shape, path);
                break;
            default:
                report.Error(
                    SpecCodes.WrongShape,
                    item,
                    path,
                    $"'{path}' is {item.Shape}, and {Wanted(shape)} is wanted.",
                    Example(shape, path)
                );
                break;
        }
    }

    private void CheckMap(YamlNode.Mapping mapping, Shape.Map map, string path)
    {
        foreach (var (name, value) in mapping.Entries)
        {
            var at = OverlayKeys.Join(path, name.Text);
            if (map.Find(name.Text) is not { } key)
            {
                report.Error(
                    SpecCodes.UnknownKey,
                    name,
                    at,
                    $"'{Format.Shorten(name.Text)}' is no key of {(path.Length == 0 ? "the document" : $"'{path}'")}.",
                    Suggestion.ForKey(name.Text, map)
                );
            }
            else if (!IsLeftOut(value))
            {
                Check(value, key.Shape, at);
            }
        }
        foreach (var key in map.Keys.Where(key => key.IsRequired && !IsGiven(mapping, key.Name)))
        {
            report.Error(
                SpecCodes.KeyMissing,
                mapping,
                OverlayKeys.Join(path, key.Name),
                $"'{OverlayKeys.Join(path, key.Name)}' is missing: {key.Meaning}",
                Example(key.Shape, key.Name)
            );
        }
    }

    private void CheckDictionary(YamlNode.Mapping mapping, Shape.Dictionary dictionary, string path)
    {
        foreach (var (name, value) in mapping.Entries)
        {
            var at = OverlayKeys.Join(path, name.Text);
            if (dictionary.KeyFormat.Problem(name.Text) is { } problem)
            {
                report.Error(dictionary.KeyFormat.Code, name, at, problem, $"Correct the key under '{path}'.");
            }
            Check(value, dictionary.Value, at);
        }
    }

    private void CheckItems(YamlNode.Sequence sequence, Shape item, string path)
    {
        for (var i = 0; i < sequence.Items.Count; i++)
        {
            Check(sequence.Items[i], item, $"{path}[{i}]");
        }
    }

    private void CheckScalar(YamlNode.Scalar scalar, Shape shape, string path)
    {
        if (Problem(scalar, shape) is not var (code, problem))
        {
            return;
        }
        var fix =
            shape is Shape.Choice choice && Suggestion.Nearest(scalar.Text, choice.Values) is { } near
                ? $"Did you mean {near}?"
                : $"Correct '{path}'.";
        report.Error(code, scalar, path, problem, fix);
    }

    private static (string Code, string Problem)? Problem(YamlNode.Scalar scalar, Shape shape)
    {
        var text = Format.Shorten(scalar.Text);
        switch (shape)
        {
            case Shape.Text form:
                return form.Format.Problem(scalar.Text) is { } problem ? (form.Format.Code, problem) : null;
            case Shape.Choice choice when !choice.Values.Contains(scalar.Text, StringComparer.Ordinal):
                return (SpecCodes.NotAChoice, $"\"{text}\" is not {Words(choice.Values)}.");
            case Shape.Flag flag when scalar.Value.Kind != ScalarKind.Boolean && !flag.Others.Contains(scalar.Text, StringComparer.Ordinal):
                return (SpecCodes.NotAChoice, $"\"{text}\" {Is(scalar)} not {Words(["true", "false", .. flag.Others])}.");
            case Shape.Number number when WholeOf(scalar) is not { } value || value < number.Min || value > number.Max:
                return (SpecCodes.NumberOutOfRange, $"\"{text}\" {Is(scalar)} not a whole number from {number.Min} to {number.Max}.");
            default:
                return null;
        }
    }

    private static string Is(YamlNode.Scalar scalar) => scalar.IsPlain ? "is" : "stands in quotes, so it is text and";

    private static int? WholeOf(YamlNode.Scalar scalar) =>
        int.TryParse(scalar.Value.Json, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole : null;

    // `cluster:` with nothing behind it is what a half-edited file looks like; it means the same as no such line.
    private static bool IsLeftOut(YamlNode value) => value is YamlNode.Scalar { IsNull: true };

    private static bool IsGiven(YamlNode.Mapping mapping, string name) =>
        mapping.Entries.Any(entry => entry.Key.Text == name && !IsLeftOut(entry.Value));

    private static string Wanted(Shape shape) =>
        shape switch
        {
            Shape.Map or Shape.Dictionary => "a map of keys",
            Shape.List => "a list",
            Shape.OneOrList => "a single value or a list",
            _ => "a single value",
        };

    private static string Example(Shape shape, string path)
    {
        var name = path[(path.LastIndexOf('.') + 1)..];
        return shape switch
        {
            Shape.Text text => $"Write {text.Format.Meaning} behind '{name}:'.",
            Shape.Choice choice => $"Write {Words(choice.Values)} behind '{name}:'.",
            Shape.Flag flag => $"Write {Words(["true", "false", .. flag.Others])} behind '{name}:'.",
            Shape.Number number => $"Write a number from {number.Min} to {number.Max} behind '{name}:'.",
            Shape.List => $"Write '{name}: […]', or one item a line, each behind '- '.",
            Shape.OneOrList => $"Write a value, or a list in brackets, behind '{name}:'.",
            Shape.Map map => $"Under '{name}:' stand "
                + $"{string.Join(", ", map.Keys.Take(4).Select(key => key.Name))}{(map.Keys.Length > 4 ? ", …" : "")}, indented.",
            _ => $"Write keys and values under '{name}:', indented.",
        };
    }

    private static string Words(string[] values) =>
        values.Length == 1 ? $"\"{values[0]}\"" : $"{string.Join(", ", values[..^1])} or {values[^1]}";
}
