using System.Text;

namespace EventArchive.EventStore;

/// <summary>Errors' texts for people: bounded, and without what Postgres cannot keep.</summary>
public static class ReadableText
{
    public const int MaxCharacters = 2000;

    public static string Of(string text)
    {
        var kept = new StringBuilder();
        // Halves of surrogate pairs come out as U+FFFD.
        foreach (var rune in text.Length <= MaxCharacters ? text.EnumerateRunes() : text[..MaxCharacters].EnumerateRunes())
            kept.Append(rune.Value == 0 ? Rune.ReplacementChar.ToString() : rune.ToString());
        return kept.ToString();
    }
}
