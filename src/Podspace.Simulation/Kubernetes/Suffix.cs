using System.Security.Cryptography;
using System.Text;

namespace Podspace.Simulation.Kubernetes;

/// <summary>Endings of generated names, in the alphabet without vowels and look-alikes that Kubernetes uses.</summary>
internal static class Suffix
{
    // Source: k8s.io/apimachinery, util/rand: no vowels, no 0, 1 and 3, so that no bad word comes out.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <param name="hex">At least two digits for each letter.</param>
    public static string Of(string hex, int length = 5)
    {
        var letters = new char[length];
        for (var place = 0; place < length; place++)
        {
            letters[place] = Alphabet[Convert.ToInt32(hex[(2 * place)..((2 * place) + 2)], 16) % Alphabet.Length];
        }
        return new(letters);
    }

    /// <summary>64 hex digits that follow from the text alone.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
