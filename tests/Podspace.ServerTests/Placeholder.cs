namespace Podspace.ServerTests;

internal static class Placeholder;
