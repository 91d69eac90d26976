namespace Podspace.Rendering.Maps;

/// <summary>Colours and letters of every map, light and dark.</summary>
internal static class MapStyle
{
    private const string Light =
        "--ground: #ffffff; --ink: #1b1f24; --faint: #57606a; --line: #d0d7de; "
        + "--nodes: #9a6700; --pods: #0969da; --other: #6e7781; --bad: #cf222e";

    private const string Dark =
        "--ground: #0d1117; --ink: #e6edf3; --faint: #8d96a0; --line: #30363d; "
        + "--nodes: #d29922; --pods: #4493f8; --other: #8d96a0; --bad: #f85149";

    private const string Letters = "font-family: ui-sans-serif, system-ui, sans-serif; font-size: 11px";

    public const string Css =
        $"svg {{ {Light}; background: var(--ground); {Letters} }}\n"
        + $"@media (prefers-color-scheme: dark) {{ svg {{ {Dark} }} }}\n"
        + "text { fill: var(--ink) } .ground { fill: var(--ground) } .head { font-size: 13px; font-weight: 600 } "
        + ".faint { fill: var(--faint) } .bad { fill: var(--bad) }\n"
        + ".free { fill: none; stroke: var(--line) } .track { fill: var(--line) } "
        + ".nodes { fill: var(--nodes) } .pods { fill: var(--pods) } .other { fill: var(--other) }\n"
        + ".planned { fill: none; stroke: var(--pods); stroke-dasharray: 3 2 }";
}
