namespace Podspace.Tests.House;

/// <summary>What does not keep a rule yet, by file: a list that may only shrink, and is deleted when it is empty.</summary>
internal static class Offenders
{
    /// <summary>Fails for each place that is not in the list, and for each entry that is better than the list says.</summary>
    /// <param name="list">A file of <c>House/offenders</c>, with a number and a path in each line; no file: nobody may offend.</param>
    /// <param name="found">A line for people for each place that offends, by its file.</param>
    public static void MayOnlyShrink(string list, IEnumerable<(string File, string Place)> found)
    {
        var path = Path.Combine(Golden.Root(), "House", "offenders", $"{list}.txt");
        var places = found.ToLookup(one => one.File, one => one.Place);
        var listed = Listed(path);
        var grown = places.Where(file => file.Count() > listed.GetValueOrDefault(file.Key)).ToList();
        Assert.True(
            grown.Count == 0,
            $"""
            {string.Join(
                '\n',
                grown.SelectMany(file =>
                    file.Prepend($"{file.Key}: {file.Count()}, and {list}.txt allows {listed.GetValueOrDefault(file.Key)}:")
                )
            )}
            The list may only shrink: mend the new place, the list is no way out.
            """
        );
        if (Environment.GetEnvironmentVariable("PODSPACE_ACCEPT") is "1")
        {
            Write(path, places);
            return;
        }
        var better = listed
            .Where(one => places[one.Key].Count() < one.Value)
            .Select(one => $"{one.Key}: {places[one.Key].Count()} of {one.Value}")
            .ToList();
        Assert.True(
            better.Count == 0,
            $"{string.Join('\n', better)}\nThese got better, so that {list}.txt can shrink. To write it anew: ./test accept"
        );
    }

    private static Dictionary<string, int> Listed(string path) =>
        !File.Exists(path)
            ? []
            : File.ReadAllLines(path).Select(line => line.Split(' ')).ToDictionary(words => words[1], words => int.Parse(words[0]));

    private static void Write(string path, ILookup<string, string> places)
    {
        if (places.Count == 0)
        {
            File.Delete(path);
            return;
        }
        File.WriteAllLines(path, places.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Count()} {file.Key}"));
    }
}
