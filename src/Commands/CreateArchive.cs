using EventArchive.Model;
using FluentValidation;

namespace EventArchive.Commands;

/// <summary>
/// Closes the window [From, To): its messages become archives, seeded and announced. Answered by ArchiveCreationStarted and later
/// ArchiveCreated or ArchiveSkipped; by nothing when the window is closed already.
/// </summary>
/// <param name="From">Unix seconds; null: where the last cut ended, or the oldest recorded message.</param>
/// <param name="To">Unix seconds, not included; null: now.</param>
/// <param name="PartitionSeconds">Length of one archive's window; Status uses seven days.</param>
public sealed record CreateArchive(CommunityId CommunityId, ulong? From = null, ulong? To = null, uint PartitionSeconds = 604_800)
    : ICommand;

public sealed class CreateArchiveValidator : AbstractValidator<CreateArchive>
{
    /// <summary>2^33 seconds: the year 2242. Anything above is a mistaken unit.</summary>
    public const ulong MaxUnixSeconds = 1UL << 33;
    public const uint MinPartitionSeconds = 60;
    public const uint MaxPartitionSeconds = 366 * 86_400;

    public CreateArchiveValidator()
    {
        RuleFor(command => command.CommunityId).NotNull();
        RuleFor(command => command.From).LessThanOrEqualTo(MaxUnixSeconds);
        RuleFor(command => command.To).LessThanOrEqualTo(MaxUnixSeconds);
        RuleFor(command => command.To)
            .Must((command, to) => to > command.From)
            .When(command => command.From is not null && command.To is not null)
            .WithMessage("To lies after From.");
        RuleFor(command => command.PartitionSeconds).InclusiveBetween(MinPartitionSeconds, MaxPartitionSeconds);
    }
}
