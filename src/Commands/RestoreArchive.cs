using EventArchive.Model;
using FluentValidation;

namespace EventArchive.Commands;

/// <summary>A control node that lost its files takes its own last torrent back in from the swarm, then seeds and announces it.</summary>
public sealed record RestoreArchive(CommunityId CommunityId) : ICommand;

public sealed class RestoreArchiveValidator : AbstractValidator<RestoreArchive>
{
    public RestoreArchiveValidator() => RuleFor(command => command.CommunityId).NotNull();
}
