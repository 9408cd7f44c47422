using EventArchive.Commands;
using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Waku;
using EventArchive.Waku.Wire;
using Google.Protobuf;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

public sealed class SignedDescriptionTests
{
    private const int MembersField = 2;

    private static readonly MessageVector Vector = MessageVector.Named("plain-11");
    private static readonly byte[] Key = Vector.Key("communityPrivateKey");
    private static readonly byte[] StrangersKey = [.. Enumerable.Repeat((byte)0x33, 32)];
    private static readonly CommunityId Community = CommunityKey.IdOf(Key);

    [Fact]
    public void Channels_and_clocks_are_read_and_the_universal_channel_is_added_because_newer_members_speak_there()
    {
        var read = SignedDescription.Open(Sign(Description(7, 1_700_000_000_123, "b", "a")));

        read.Signer.ShouldBe(Community);
        read.Revision.ShouldBe(7u);
        read.ChatIds.ShouldBe([$"{Community}a", $"{Community}b", $"{Community}-memberUpdate"]);
        read.MagnetlinkClock.ShouldBe(new Clock(1_700_000_000_123));
        var command = read.ToCommand();
        (command.CommunityId, command.MagnetlinkClock, command.DescriptionRevision).ShouldBe(
            (Community, new Clock(1_700_000_000_123), 7ul)
        );
        new ChangeChannelsValidator().Validate(command).IsValid.ShouldBeTrue();
    }

    [Fact]
    public void A_community_that_never_announced_names_no_clock() =>
        SignedDescription.Open(Sign(Description(7, 0, "a"))).MagnetlinkClock.ShouldBeNull();

    [Fact]
    public void Fields_that_are_not_known_here_are_passed_over_because_descriptions_grow()
    {
        byte[] members = [(MembersField << 3) | 2, 3, 0x0A, 1, (byte)'m'];

        SignedDescription.Open(Sign([.. members, .. Description(7, 0, "a").ToByteArray()])).Revision.ShouldBe(7u);
    }

    [Fact]
    public void A_magnetlink_message_under_the_type_of_a_description_is_refused_because_the_type_is_not_signed()
    {
        var magnetlink = MagnetlinkMessages.Encode(1_700_000_000_123, "magnet:?xt=urn:btih:" + new string('a', 40));

        Refusal(Sign(magnetlink)).ShouldContain("another message");
    }

    [Fact]
    public void A_description_under_the_type_of_a_magnetlink_is_refused_because_it_names_no_magnet() =>
        Should.Throw<FormatException>(() =>
            new MagnetlinkMessages().Open(
                ApplicationMessage.Sign(Key, Description(7, 5, "a").ToByteArray(), ApplicationMessage.MagnetlinkType)
            )
        );

    [Fact]
    public void Without_a_clock_it_is_refused_because_nobody_could_say_which_is_older() =>
        Refusal(Sign(Description(0, 5, "a"))).ShouldContain("no clock");

    [Fact]
    public void Too_many_channels_are_refused() =>
        Refusal(Sign(Description(7, 0, [.. Enumerable.Range(0, 1000).Select(n => $"{n}")]))).ShouldContain("fewer than 1000");

    [Fact]
    public void A_channel_with_an_endless_or_empty_id_is_refused()
    {
        Refusal(Sign(Description(7, 0, new string('a', 300)))).ShouldContain("characters");
        Refusal(Sign(Description(7, 0, ""))).ShouldContain("characters");
    }

    [Fact]
    public void A_long_one_is_read_because_thousands_of_members_make_it_long_and_an_endless_one_is_refused()
    {
        SignedDescription.Open(Sign(Padded(500_000))).Revision.ShouldBe(7u);
        Refusal(Sign(Padded(SignedDescription.MaxBytes))).ShouldContain("at most");
    }

    [Fact]
    public void Cut_anywhere_it_is_refused_or_names_another_signer()
    {
        var whole = Sign(Description(7, 5, "a", "b"));
        for (var length = 0; length < whole.Length; length++)
            Readable(whole[..length]).ShouldBeFalse($"{length} bytes");
    }

    [Fact]
    public void On_the_channel_a_description_of_the_community_is_handed_on_and_a_stranger_s_is_counted()
    {
        var mine = Heard(Sign(Description(7, 5, "a")));
        var forged = Heard(ApplicationMessage.Sign(StrangersKey, Description(8, 5, "a").ToByteArray(), SignedDescription.Type));

        (mine.Outcome, mine.Type, mine.Clock).ShouldBe((HeardOutcome.HandedOn, SignedDescription.Type, 7ul));
        WakuServices.CommandOf(Community, mine.SignedMessage).ShouldBeOfType<ChangeChannels>().DescriptionRevision.ShouldBe(7u);
        forged.Outcome.ShouldBe(HeardOutcome.Stranger);
        forged.SignedMessage.ShouldBeEmpty();
    }

    [Fact]
    public void What_the_listener_hands_on_as_a_magnetlink_becomes_the_command_with_the_same_bytes() =>
        WakuServices
            .CommandOf(Community, Vector.Bytes("wrapped"))
            .ShouldBeOfType<ReceiveMagnetlink>()
            .SignedMessage.ShouldBe(Vector.Bytes("wrapped"));

    [Fact]
    public void Of_a_burst_the_highest_clock_counts_whenever_it_was_sent_because_anyone_can_send_an_old_message_again()
    {
        var burst = new Burst(clockLimit: new Clock(100));
        HeardMessage[] messages =
        [
            Magnetlink(50),
            Magnetlink(70),
            Magnetlink(60),
            Magnetlink(ulong.MaxValue),
            About(1),
            About(3),
            About(2),
        ];

        messages.Sum(message => burst.Add(Community, message)).ShouldBe(5);

        burst
            .Newest.Select(one => (one.Message.Type, one.Message.Clock))
            .ShouldBe([(ApplicationMessage.MagnetlinkType, 70ul), (SignedDescription.Type, 3ul)], ignoreOrder: true);
    }

    [Fact]
    public void A_clock_too_far_ahead_alone_is_handed_on_so_that_it_is_ignored_with_a_reason()
    {
        var burst = new Burst(clockLimit: new Clock(100));

        burst.Add(Community, Magnetlink(ulong.MaxValue)).ShouldBe(0);

        burst.Newest.ShouldHaveSingleItem().Message.Clock.ShouldBe(ulong.MaxValue);
    }

    private static HeardMessage Magnetlink(ulong clock) => new(HeardOutcome.HandedOn, [], "", ApplicationMessage.MagnetlinkType, clock);

    private static HeardMessage About(ulong revision) => new(HeardOutcome.HandedOn, [], "", SignedDescription.Type, revision);

    private static HeardMessage Heard(byte[] signed)
    {
        var random = new Random(5);
        var message = WakuMessage.FromProtobuf(Vector.Bytes("wakuMessage")) with
        {
            Payload = WakuPayload.Seal(signed, Key, Vector.Bytes("symKey"), bytes => random.NextBytes(bytes)),
        };
        return HeardMessage.Read(message, Community, Vector.Bytes("symKey"));
    }

    private static CommunityDescription Description(ulong revision, ulong clock, params string[] chats)
    {
        var description = new CommunityDescription
        {
            Clock = revision,
            ArchiveMagnetlinkClock = clock,
            Permissions = new(),
            Identity = new(),
        };
        foreach (var chat in chats)
            description.Chats.Add(chat, new CommunityChat());
        return description;
    }

    /// <summary>With a member of so many bytes.</summary>
    private static byte[] Padded(int bytes)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(MembersField, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(new byte[bytes]));
        }
        return [.. stream.ToArray(), .. Description(7, 0, "a").ToByteArray()];
    }

    private static byte[] Sign(CommunityDescription description) => Sign(description.ToByteArray());

    private static byte[] Sign(byte[] content) => ApplicationMessage.Sign(Key, content, SignedDescription.Type);

    private static string Refusal(byte[] signed) => Should.Throw<FormatException>(() => SignedDescription.Open(signed)).Message;

    private static bool Readable(byte[] signed)
    {
        try
        {
            return SignedDescription.Open(signed).Signer == Community;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
