using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>The cut was given up after the last try.</summary>
public sealed record FailArchiveCreation(CommunityId CommunityId, ulong From, ulong To, string Reason) : IReport;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(FailArchiveCreation command, Community community) =>
        community.Cutting?.From == command.From && community.Cutting.To == command.To
            ? [new ArchiveCreationFailed(command.CommunityId, command.From, command.To, command.Reason)]
            : [];
}
