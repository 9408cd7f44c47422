using EventArchive.Commands;
using EventArchive.Model;
using EventArchive.Waku.Wire;

namespace EventArchive.Waku;

/// <summary>
/// What a community's key signed about the community: CommunityDescription in an ApplicationMetadataMessage of type 25, without the encryption
/// layer, on the channel that has the community's id for its name. What a community encrypts for its members is not read.
/// </summary>
/// <param name="Signer">Whose key signed, recovered from the signature.</param>
/// <param name="Revision">The description's own clock, which rises by one with every change.</param>
/// <param name="ChatIds">The channels, in the order of their ids, and the universal channel behind them.</param>
/// <param name="MagnetlinkClock">Null: no announcement was made yet.</param>
public sealed record SignedDescription(CommunityId Signer, ulong Revision, IReadOnlyList<string> ChatIds, Clock? MagnetlinkClock)
{
    /// <summary>COMMUNITY_DESCRIPTION.</summary>
    internal const int Type = 25;

    /// <summary>Thousands of members make a description long; status-go cuts what is above three quarters of this into segments.</summary>
    public const int MaxBytes = WakuMessage.MaxBytes;

    /// <exception cref="FormatException">It is not such a message, or it cannot be used; the message says why.</exception>
    public static SignedDescription Open(ReadOnlySpan<byte> signedMessage) => Read(ApplicationMessage.Open(signedMessage, MaxBytes));

    /// <summary>The description as a command. Its channels are those that members of every release speak on.</summary>
    public ChangeChannels ToCommand() => new(Signer, ChatIds, MagnetlinkClock: MagnetlinkClock, DescriptionRevision: Revision);

    /// <exception cref="FormatException">It cannot be used; the message says why.</exception>
    internal static SignedDescription Read(ApplicationMessage message)
    {
        if (message.Type != Type)
            throw new FormatException($"A community description has type {Type}, this one has {message.Type}.");
        var content = WireMessage.Parse(CommunityDescription.Parser, message.Payload, MaxBytes, "A community description");
        // Anyone can give another type to what the community signed. A magnetlink message read as a description would have an immense clock.
        if (content.Permissions is null || content.Identity is null)
            throw new FormatException("A community description has an identity and permissions: this is another message under its type.");
        if (content.Clock == 0)
            throw new FormatException("The community description has no clock.");
        var chats = content.Chats.Keys.Order(StringComparer.Ordinal).ToArray();
        if (chats.Length >= ChannelsValidator<ChangeChannels>.MaxChannels || !chats.All(IsUsable))
            throw new FormatException(
                $"A community description names fewer than {ChannelsValidator<ChangeChannels>.MaxChannels} channels with ids of at most "
                    + $"{MaxChatIdCharacters} characters."
            );
        var community = message.SignerId;
        return new SignedDescription(
            community,
            content.Clock,
            [.. chats.Select(chat => community + chat), MagnetlinkChannels.Universal(community)],
            content.ArchiveMagnetlinkClock == 0 ? null : new Clock(content.ArchiveMagnetlinkClock)
        );
    }

    /// <summary>Behind the community's id.</summary>
    private const int MaxChatIdCharacters = ChannelsValidator<ChangeChannels>.MaxChatIdCharacters - CommunityId.Characters;

    private static bool IsUsable(string chat) =>
        chat.Length is > 0 and <= MaxChatIdCharacters && !chat.Contains('\uFFFD', StringComparison.Ordinal);
}
