using EventArchive.Model;
using FluentValidation;

namespace EventArchive.Commands;

/// <summary>Announces the community's present torrent once more, with a new clock. Control node only.</summary>
/// <param name="Since">
/// The clock of the last announcement that the sender knows: nothing is done when a later one was made here, so that several senders with
/// the same reason make one announcement. Null: in any case.
/// </param>
public sealed record AnnounceArchive(CommunityId CommunityId, Clock? Since = null) : ICommand;

public sealed class AnnounceArchiveValidator : AbstractValidator<AnnounceArchive>
{
    public AnnounceArchiveValidator() => RuleFor(command => command.CommunityId).NotNull();
}
