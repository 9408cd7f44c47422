using EventArchive.Model;
using FluentValidation;

namespace EventArchive.Commands;

/// <summary>Puts a community's history in this service's care. Answered by HistoryArchivesEnabled.</summary>
/// <param name="ControlNode">True: cut and announce here; the community's private key must have been imported on this node. False: follow as a member.</param>
/// <param name="ChatIds">The channels, as Status names them; their content topics are derived. May be empty for a member.</param>
/// <param name="ContentTopics">The channels by content topic, for a producer that does not know the chat ids. Give one of the two.</param>
/// <param name="PubsubTopic">The community's shard; null: the network's default, /waku/2/rs/16/32.</param>
/// <param name="EncryptedAfter">
/// States that the community encrypts: its index, and every archive whose window ends after this second (Unix). 0: all of them. A community that
/// began to encrypt later: the end of its last archive in the clear. Null: nothing is encrypted. Once stated it stays.
/// </param>
public sealed record EnableHistoryArchives(
    CommunityId CommunityId,
    bool ControlNode,
    IReadOnlyList<string>? ChatIds = null,
    IReadOnlyList<ContentTopic>? ContentTopics = null,
    PubsubTopic? PubsubTopic = null,
    ulong? EncryptedAfter = null
) : ICommand;

public sealed class EnableHistoryArchivesValidator : AbstractValidator<EnableHistoryArchives>
{
    public EnableHistoryArchivesValidator()
    {
        RuleFor(command => command.CommunityId).NotNull();
        Include(new ChannelsValidator<EnableHistoryArchives>(command => command.ChatIds, command => command.ContentTopics));
        RuleFor(command => command)
            .Must(command => !command.ControlNode || command.ChatIds is { Count: > 0 } || command.ContentTopics is { Count: > 0 })
            .WithName("ChatIds")
            .WithMessage("A control node archives channels: give ChatIds or ContentTopics.");
        RuleFor(command => command.EncryptedAfter).LessThanOrEqualTo(CreateArchiveValidator.MaxUnixSeconds);
    }
}
