using System.CommandLine;
using EventArchive.Archives;
using EventArchive.Model;
using EventArchive.Waku;

namespace EventArchive.Service;

/// <summary>The archive format without a service: build, look into, empty, verify.</summary>
public static class ArchiveVerbs
{
    public static Command Create() =>
        new("archive", "Archive files, offline")
        {
            ArchiveBuildVerb.Create(),
            ArchiveInspectVerb.Create(),
            ArchiveExtractVerb.Create(),
            ArchiveVerifyVerb.Create(),
        };

    public static Argument<DirectoryInfo> FolderArgument() =>
        new("DIR") { Description = "The folder that archive build or download wrote" };

    /// <exception cref="FormatException">The file names no community, or two.</exception>
    public static CommunityId CommunityOf(MessageFile file)
    {
        var derived = file.CopyPrivateKey() is { } key ? CommunityKey.IdOf(key) : null;
        if (derived is not null && file.CommunityId is { } named && named != derived)
            throw new FormatException($"communityId is {named}, but communityPrivateKey belongs to {derived}: leave one of them out.");
        return derived
            ?? file.CommunityId
            ?? throw new FormatException("The message file names no community: give communityId or communityPrivateKey.");
    }

    /// <summary>Reads a message file; its faults begin with the file's name.</summary>
    public static async Task<MessageFile> Read(FileInfo file, CancellationToken cancellation)
    {
        try
        {
            return await Task.Run(() => MessageFile.Read(file.FullName), cancellation).WaitAsync(cancellation);
        }
        catch (FormatException fault)
        {
            throw new FormatException($"{file}: {fault.Message}", fault);
        }
    }

    public static InvalidOperationException Nothing(DirectoryInfo folder) =>
        new($"There is no archive torrent in {folder}: make one with archive build, or fetch one with download.");
}
