using System.Globalization;
using System.Text;
using System.Xml;

namespace Podspace.Formats;

/// <summary>Writes a drawing as SVG text: escaped, invariant, the same bytes for the same drawing.</summary>
internal sealed class Svg
{
    private readonly StringBuilder text = new();
    private readonly XmlWriter xml;

    /// <param name="title">What a screen reader says first.</param>
    /// <param name="told">The drawing in words.</param>
    /// <param name="style">CSS; colours stand in it, so that a drawing can follow the page's light or dark.</param>
    /// <param name="id">Begins the ids of title and words: two drawings may stand in one page.</param>
    public Svg(int width, int height, string title, string told, string style, string id = "")
    {
        xml = XmlWriter.Create(
            text,
            new()
            {
                OmitXmlDeclaration = true,
                Indent = true,
                NewLineChars = "\n",
            }
        );
        xml.WriteStartElement("svg", "http://www.w3.org/2000/svg");
        Attributes(("viewBox", $"0 0 {width} {height}"), ("role", "img"), ("aria-labelledby", $"{id}title {id}told"));
        Element("title", title, ("id", $"{id}title"));
        Element("desc", told, ("id", $"{id}told"));
        Element("style", style);
    }

    public void Rect(double x, double y, double width, double height, string kind, string? tip = null)
    {
        xml.WriteStartElement("rect");
        Attributes(("x", Number(x)), ("y", Number(y)), ("width", Number(width)), ("height", Number(height)), ("class", kind));
        if (tip is not null)
        {
            Element("title", tip);
        }
        xml.WriteEndElement();
    }

    public void Line(double x1, double y1, double x2, double y2, string kind)
    {
        xml.WriteStartElement("line");
        Attributes(("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)), ("class", kind));
        xml.WriteEndElement();
    }

    public void Polyline(IEnumerable<(double X, double Y)> points, string kind)
    {
        xml.WriteStartElement("polyline");
        Attributes(("points", string.Join(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}"))), ("class", kind));
        xml.WriteEndElement();
    }

    /// <param name="y">Of the baseline.</param>
    public void Text(double x, double y, string what, string kind) =>
        Element("text", what, ("x", Number(x)), ("y", Number(y)), ("class", kind));

    /// <summary>Ends the drawing.</summary>
    public override string ToString()
    {
        xml.WriteEndDocument();
        xml.Flush();
        return text.Append('\n').ToString();
    }

    private void Element(string name, string content, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        xml.WriteStartElement(name);
        Attributes(attributes);
        xml.WriteString(Clean(content));
        xml.WriteEndElement();
    }

    private void Attributes(params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            xml.WriteAttributeString(name, value);
        }
    }

    // AWS lets tags hold characters that XML does not know; a picture shows them as what they are, unreadable.
    private static string Clean(string content) =>
        string.Concat(content.Select(letter => XmlConvert.IsXmlChar(letter) ? letter : '\uFFFD'));

    private static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);
}
