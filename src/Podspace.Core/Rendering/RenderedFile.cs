namespace Podspace.Rendering;

/// <param name="Name">Below the folder it goes to, with slashes.</param>
public sealed record RenderedFile(string Name, string Text);
