using System.CommandLine;
using EventArchive.Archives;
using EventArchive.Handlers;

namespace EventArchive.Service;

/// <summary>How a verb is told that the archives of a folder are encrypted. The keys are in a file, so that they are in no list of processes.</summary>
public sealed class SealOptions
{
    private readonly Option<FileInfo> keys = new("--keys")
    {
        Description = "The archives are encrypted; a JSON file with the hash ratchet keys: communityId, key, timestamp, seqNo",
        HelpName = "FILE",
    };

    private readonly Option<ulong?> after = new("--encrypted-after")
    {
        Description = "With --keys: archives whose window ends by then (Unix seconds) are not encrypted; default 0, all are",
        HelpName = "SECONDS",
    };

    public SealOptions(Command verb)
    {
        verb.Options.Add(keys);
        verb.Options.Add(after);
    }

    /// <summary>Null: nothing is encrypted.</summary>
    /// <exception cref="FormatException">The file holds no keys, or there is none.</exception>
    public async Task<FolderSeals?> Read(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(keys) is not { } file)
            return parsed.GetValue(after) is null ? null : throw new FormatException("--encrypted-after needs --keys FILE.");
        if (file.Exists && file.Length > 4L * RatchetKeyFile.MaxCharacters)
            throw new FormatException($"{file}: a key file has at most {RatchetKeyFile.MaxCharacters} characters.");
        var held = new InMemoryRatchetKeys();
        try
        {
            foreach (var (key, seqNo) in RatchetKeyFile.Parse(await File.ReadAllTextAsync(file.FullName, cancellation)))
                await held.Import(key, seqNo, cancellation);
        }
        catch (FormatException fault)
        {
            throw new FormatException($"{file}: {fault.Message}", fault);
        }
        return new FolderSeals(held, parsed.GetValue(after) ?? 0);
    }
}
