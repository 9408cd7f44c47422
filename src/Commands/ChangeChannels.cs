using EventArchive.Model;
using FluentValidation;

namespace EventArchive.Commands;

/// <summary>States the community's channels anew. Answered by ChannelsChanged, or by nothing when they are these already.</summary>
/// <param name="MagnetlinkClock">The clock of the newest announcement that the community's description names; null: it names none.</param>
/// <param name="DescriptionRevision">
/// The description's own clock, when the channels are those of a community description: one that is older than the last changes nothing.
/// Null: an operator states them.
/// </param>
/// <param name="PubsubTopic">The community's shard; null: it stays.</param>
public sealed record ChangeChannels(
    CommunityId CommunityId,
    IReadOnlyList<string>? ChatIds = null,
    IReadOnlyList<ContentTopic>? ContentTopics = null,
    Clock? MagnetlinkClock = null,
    ulong? DescriptionRevision = null,
    PubsubTopic? PubsubTopic = null
) : ICommand;

public sealed class ChangeChannelsValidator : AbstractValidator<ChangeChannels>
{
    public ChangeChannelsValidator()
    {
        RuleFor(command => command.CommunityId).NotNull();
        Include(new ChannelsValidator<ChangeChannels>(command => command.ChatIds, command => command.ContentTopics));
    }
}

/// <summary>What holds wherever a command names channels.</summary>
public sealed class ChannelsValidator<T> : AbstractValidator<T>
{
    public const int MaxChannels = 1000;
    public const int MaxChatIdCharacters = 256;

    public ChannelsValidator(Func<T, IReadOnlyList<string>?> chatIds, Func<T, IReadOnlyList<ContentTopic>?> contentTopics)
    {
        RuleFor(command => chatIds(command))
            .Must(ids => ids is null || ids.Count <= MaxChannels)
            .WithName("ChatIds")
            .WithMessage($"At most {MaxChannels} channels.")
            .Must(ids => ids is null || ids.All(id => id is { Length: > 0 and <= MaxChatIdCharacters }))
            .WithName("ChatIds")
            .WithMessage($"A chat id has 1 to {MaxChatIdCharacters} characters.");
        RuleFor(command => contentTopics(command))
            .Must(topics => topics is null || (topics.Count <= MaxChannels && topics.All(topic => topic is not null)))
            .WithName("ContentTopics")
            .WithMessage($"At most {MaxChannels} content topics, none of them null.");
        RuleFor(command => command)
            .Must(command => chatIds(command) is not { Count: > 0 } || contentTopics(command) is not { Count: > 0 })
            .WithName("ChatIds")
            .WithMessage("Give ChatIds or ContentTopics, not both.");
    }
}
