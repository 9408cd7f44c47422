using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(FailArchiveCreation command, Community community) =>
        community.Cutting?.From == command.From && community.Cutting.To == command.To
            ? [new ArchiveCreationFailed(command.CommunityId, command.From, command.To, command.Reason)]
            : [];
}
