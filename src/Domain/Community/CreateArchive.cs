using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    /// <summary>About 190 years of weeks. A cut of more windows is a mistaken unit.</summary>
    public const ulong MaxWindowsPerCut = 10_000;

    /// <summary>Numbers of the hash ratchet that a cut has room for: far more than a torrent has archives.</summary>
    public const uint MaxSealsPerCut = 1_000_000;

    private static IReadOnlyList<IEvent> Decide(CreateArchive command, Community community, Facts facts)
    {
        community.RequireControlNode();
        var now = (ulong)facts.Now.ToUnixTimeSeconds();
        var to = command.To ?? now;
        if (community.ArchivedUntil >= to)
            return [];
        var from = command.From ?? community.Cutting?.From ?? community.ArchivedUntil ?? facts.OldestMessage;
        if (community.Cutting is { } running)
            return running.From == from && running.To == to
                ? []
                : throw new CommandRefused(
                    "archive_creation_running",
                    $"The window {running.From} to {running.To} is being cut: send this again when it is done."
                );
        // The end of a restore sets the present torrent: a cut decided before it would be forgotten, and overwritten by the next one.
        if (community.Downloading is not null || community.Importing is not null)
            throw new CommandRefused("restore_running", "The torrent is being restored: send this again when it is done.");
        if (from is null)
            throw new CommandRefused(
                "nothing_recorded",
                "No message of the community's channels is recorded yet: there is nothing to cut."
            );
        if (community.ArchivedUntil is { } until && from != until)
            throw new CommandRefused("window_gap", $"The last cut ended at {until}: the next one begins there, not at {from}.");
        if (to > now)
            throw new CommandRefused("window_not_over", $"The window ends at {to}, which is not over yet: messages would be missed.");
        if (from >= to)
            throw new CommandRefused("window_empty", $"The window begins at {from}, which is not before its end, {to}.");
        if ((to - from - 1) / command.PartitionSeconds >= MaxWindowsPerCut)
            throw new CommandRefused(
                "too_many_windows",
                $"A cut makes at most {MaxWindowsPerCut} archives: check From and PartitionSeconds."
            );
        var sealing = Sealing(community, facts);
        return
        [
            new ArchiveCreationStarted(
                command.CommunityId,
                from.Value,
                to,
                command.PartitionSeconds,
                community.ContentTopics,
                facts.HighestMessageNumber,
                community.Torrent?.InfoHash,
                community.Torrent?.DataBytes ?? 0,
                community.ClosedWindows,
                community.TakenMessages,
                sealing
            ),
        ];
    }

    private static ArchiveSealing? Sealing(Community community, Facts facts)
    {
        if (community.EncryptedAfter is not { } after)
            return null;
        if (facts.Ratchet is not { } ratchet)
            throw new CommandRefused(
                "ratchet_key_missing",
                $"Community {community.Id} encrypts its archives and no hash ratchet key of it is on this node: import one with keys import --ratchet."
            );
        return ratchet.HighestSeqNo <= uint.MaxValue - MaxSealsPerCut
            ? new ArchiveSealing(ratchet.KeyId, ratchet.HighestSeqNo + 1, after, community.Torrent?.Sealed ?? false)
            : throw new CommandRefused(
                "ratchet_key_used_up",
                $"The hash ratchet key {ratchet.KeyId} has no numbers left: import a newer key of the community."
            );
    }
}
