using EventArchive.Model;
using FluentValidation;

namespace EventArchive.Commands;

/// <summary>Announces the community's present torrent once more, with a new clock. Control node only.</summary>
public sealed record AnnounceArchive(CommunityId CommunityId) : ICommand;

public sealed class AnnounceArchiveValidator : AbstractValidator<AnnounceArchive>
{
    public AnnounceArchiveValidator() => RuleFor(command => command.CommunityId).NotNull();
}
