using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;

namespace EventArchive.Tests.Unit.Domain;

/// <summary>What a community's own stream says about a command, as the service reads it.</summary>
internal static class HistoryFacts
{
    public static Facts Of(this Facts facts, IReadOnlyList<IEvent> history, ICommand command) =>
        (command, facts.Announced) switch
        {
            (CompleteDownload completed, _) => facts with
            {
                ImportedArchives = history
                    .OfType<ArchivesImported>()
                    .SelectMany(imported => imported.Archives)
                    .Where(completed.Archives.Contains)
                    .ToHashSet(),
            },
            (ReceiveMagnetlink, { } announced) => facts with
            {
                IgnoredBefore =
                [
                    .. history
                        .OfType<MagnetlinkIgnored>()
                        .Where(ignored => ignored.Clock == announced.Clock && ignored.InfoHash == announced.Magnetlink.InfoHash)
                        .Select(ignored => ignored.Reason),
                ],
            },
            _ => facts,
        };
}
