using System.CommandLine;
using EventArchive.Archives;

namespace EventArchive.Service;

/// <summary>Every piece of a folder's archives is hashed again and held against the torrents.</summary>
public static class ArchiveVerifyVerb
{
    public static Command Create()
    {
        var folder = ArchiveVerbs.FolderArgument();
        var verify = new Command("verify", "Hash every piece of a folder's archives again and name those that differ") { folder };
        verify.SetAction(
            async (parsed, cancellation) =>
            {
                var verifier = new ArchiveVerifier(parsed.GetRequiredValue(folder).FullName);
                var verified = await ProgressBar.Show(
                    "looking",
                    bar => verifier.Verify((community, bytes) => bar.Step($"{community}", bytes), bar, cancellation)
                );
                if (verified.Communities == 0)
                    throw ArchiveVerbs.Nothing(parsed.GetRequiredValue(folder));
                Output.Write(parsed, ToJson(verified), () => Tell(verified));
                return verified.Faults.Count == 0 ? 0 : throw new InvalidOperationException(Summary(verified));
            }
        );
        return verify;
    }

    private static object ToJson(VerifiedArchives verified) =>
        new
        {
            verified.Communities,
            verified.Bytes,
            faults = verified.Faults.Select(fault => new
            {
                fault.CommunityId,
                fault.File,
                firstPiece = fault.Pieces?.First,
                lastPiece = fault.Pieces?.Last,
                fault.Reason,
                fault.Archives,
            }),
        };

    private static void Tell(VerifiedArchives verified)
    {
        foreach (var fault in verified.Faults)
        {
            var pieces = fault.Pieces is var (first, last) ? $"  pieces {first} to {last}" : "";
            Console.WriteLine($"{fault.CommunityId}  {fault.File}{pieces}  {fault.Reason}");
            foreach (var archive in fault.Archives)
                Console.WriteLine($"  archive {archive}");
        }
        Console.WriteLine($"{verified.Bytes} bytes of {verified.Communities} communities, {verified.Faults.Count} faults.");
    }

    private static string Summary(VerifiedArchives verified) =>
        $"{verified.Faults.Count} ranges of pieces or files are not what the torrents say, the first in {verified.Faults[0].File} of "
        + $"{verified.Faults[0].CommunityId}: restore the files from a copy, or download the torrents again.";
}
