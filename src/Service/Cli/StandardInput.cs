namespace EventArchive.Service;

/// <summary>What is piped in, up to a limit.</summary>
public static class StandardInput
{
    /// <param name="what">What is expected, for the fault.</param>
    /// <param name="maxCharacters">More is refused.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="FormatException">There was nothing, or too much.</exception>
    public static async Task<string> Read(string what, int maxCharacters, CancellationToken cancellation)
    {
        var buffer = new char[maxCharacters + 1];
        // Reading the console blocks, also where it is called asynchronous: on its own, so that Ctrl+C ends the wait.
        var length = await Task.Run(() => Console.In.ReadBlock(buffer), cancellation).WaitAsync(cancellation);
        if (length > maxCharacters)
            throw new FormatException($"Standard input is longer than {maxCharacters} characters: give {what}.");
        var text = new string(buffer, 0, length);
        return string.IsNullOrWhiteSpace(text) ? throw new FormatException($"Standard input is empty: give {what}.") : text;
    }
}
