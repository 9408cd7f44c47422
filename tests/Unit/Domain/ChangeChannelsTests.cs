using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Model;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class ChangeChannelsTests
{
    [Fact]
    public void Other_topics_are_a_fact_because_later_cuts_read_them() =>
        Given(Enabled)
            .When(new ChangeChannels(Id, ContentTopics: [Offtopic, General, Offtopic]))
            .Then(new ChannelsChanged(Id, [Offtopic, General]));

    [Fact]
    public void Chat_ids_are_stored_as_topics_too_because_messages_are_recorded_by_topic() =>
        Given(Enabled)
            .When(new ChangeChannels(Id, ChatIds: ["a"]))
            .Then(new ChannelsChanged(Id, [ContentTopic.OfChat("a")], ChatIds: ["a"]));

    [Fact]
    public void Chat_ids_of_known_topics_are_a_fact_because_messages_open_with_a_key_made_of_them()
    {
        var topics = new ChannelsChanged(Id, [ContentTopic.OfChat("a")]);
        var ids = topics with { ChatIds = ["a"] };
        Given(Enabled, topics).When(new ChangeChannels(Id, ChatIds: ["a"])).Then(ids);
        Given(Enabled, ids).When(new ChangeChannels(Id, ChatIds: ["a"])).ThenNothing();
    }

    [Fact]
    public void Topics_alone_keep_the_chat_ids_that_go_with_them_because_these_did_not_become_untrue() =>
        Given(Enabled, new ChannelsChanged(Id, [ContentTopic.OfChat("a"), ContentTopic.OfChat("b")], ChatIds: ["a", "b"]))
            .When(new ChangeChannels(Id, ContentTopics: [General, ContentTopic.OfChat("b")]))
            .Then(new ChannelsChanged(Id, [General, ContentTopic.OfChat("b")], ChatIds: ["b"]));

    [Fact]
    public void The_same_topics_are_quiet_because_they_are_these_already() =>
        Given(Enabled, new ChannelsChanged(Id, [General, Offtopic]))
            .When(new ChangeChannels(Id, ContentTopics: [General, Offtopic]))
            .ThenNothing();

    [Fact]
    public void The_same_topics_in_another_order_are_a_fact_because_the_order_enters_the_archive_ids() =>
        Given(Enabled, new ChannelsChanged(Id, [General, Offtopic]))
            .When(new ChangeChannels(Id, ContentTopics: [Offtopic, General]))
            .Then(new ChannelsChanged(Id, [Offtopic, General]));

    [Fact]
    public void A_control_node_keeps_a_channel_because_it_would_have_nothing_to_archive() =>
        Given(Enabled).When(new ChangeChannels(Id)).ThenRefused("no_channels");

    [Fact]
    public void A_member_may_have_no_channels_because_archives_name_their_own() =>
        Given(Member, new ChannelsChanged(Id, [General])).When(new ChangeChannels(Id)).Then(new ChannelsChanged(Id, []));

    [Fact]
    public void A_running_cut_keeps_its_topics_because_its_input_is_pinned() =>
        Given(Enabled, Cutting(), new ChannelsChanged(Id, [Offtopic])).When(new CreateArchive(Id, T0, T1)).ThenNothing();

    [Fact]
    public void The_next_cut_has_the_new_topics_because_it_is_decided_after_the_change() =>
        Given(Enabled, Cutting(), Created(1), new ChannelsChanged(Id, [Offtopic]))
            .Knowing(facts => facts with { HighestMessageNumber = HighestNumber })
            .When(new CreateArchive(Id, To: T2))
            .Then(Cutting(T1, T2, parent: 1) with { ContentTopics = [Offtopic] });

    [Fact]
    public void A_higher_clock_in_the_description_is_a_fact_though_the_channels_are_the_same_because_older_announcements_are_old_now()
    {
        var clock = new Clock(NowClock.Milliseconds - 5);
        Given(Member).When(new ChangeChannels(Id, MagnetlinkClock: clock)).Then(new ChannelsChanged(Id, [], clock));
        Given(Member, new ChannelsChanged(Id, [], clock)).When(new ChangeChannels(Id, MagnetlinkClock: clock)).ThenNothing();
        Given(Member, new ChannelsChanged(Id, [], clock)).When(new ChangeChannels(Id)).ThenNothing();
    }

    [Fact]
    public void An_own_announcement_raises_the_descriptions_clock_so_that_the_description_with_it_is_no_news() =>
        Given(Announced(NowClock)).When(new ChangeChannels(Id, ContentTopics: [General], MagnetlinkClock: NowClock)).ThenNothing();

    [Fact]
    public void A_clock_far_ahead_in_a_description_is_refused_because_it_would_silence_the_community() =>
        Given(Member).When(new ChangeChannels(Id, MagnetlinkClock: new Clock(ulong.MaxValue))).ThenRefused("clock_too_far_ahead");

    [Fact]
    public void After_a_description_an_older_announcement_is_ignored_and_the_one_it_names_is_news()
    {
        var clock = new Clock(NowClock.Milliseconds - 5);
        var older = new Clock(clock.Milliseconds - 1);
        Given(Member, new ChannelsChanged(Id, [], clock))
            .Knowing(facts => facts with { Announced = new(older, Magnet(1)) })
            .When(new ReceiveMagnetlink(Id, Signed))
            .Then(Ignored(older, 1, IgnoredBecause.OlderClock));
        Given(Member, new ChannelsChanged(Id, [], clock))
            .Knowing(facts => facts with { Announced = new(clock, Magnet(1)) })
            .When(new ReceiveMagnetlink(Id, Signed))
            .Then(Received(clock, 1), Downloading(1));
    }

    [Fact]
    public void An_older_description_changes_nothing_because_anyone_can_send_it_again()
    {
        var described = new ChannelsChanged(Id, [Offtopic], DescriptionRevision: 5);
        var older = new ChangeChannels(Id, ContentTopics: [General], MagnetlinkClock: NowClock, DescriptionRevision: 4);

        Given(Enabled)
            .When(older with { DescriptionRevision = 5 })
            .Then(new ChannelsChanged(Id, [General], NowClock, DescriptionRevision: 5));
        Given(Enabled, described).When(older).ThenNothing();
        Given(Enabled, described)
            .When(older with { DescriptionRevision = 6 })
            .Then(new ChannelsChanged(Id, [General], NowClock, DescriptionRevision: 6));
    }

    [Fact]
    public void The_same_description_with_a_higher_clock_is_a_fact_because_announcing_does_not_make_a_new_one()
    {
        var described = new ChannelsChanged(Id, [General], new Clock(1), DescriptionRevision: 5);

        Given(Enabled, described)
            .When(new ChangeChannels(Id, ContentTopics: [General], MagnetlinkClock: NowClock, DescriptionRevision: 5))
            .Then(new ChannelsChanged(Id, [General], NowClock, DescriptionRevision: 5));
    }

    [Fact]
    public void A_newer_description_that_says_nothing_new_is_quiet_because_every_member_who_comes_makes_one() =>
        Given(Enabled, new ChannelsChanged(Id, [General], NowClock, DescriptionRevision: 5))
            .When(new ChangeChannels(Id, ContentTopics: [General], MagnetlinkClock: NowClock, DescriptionRevision: 9))
            .ThenNothing();

    [Fact]
    public void An_operator_s_channels_hold_until_a_newer_description_comes()
    {
        IEvent[] changed = [Enabled, new ChannelsChanged(Id, [General], null, DescriptionRevision: 5), new ChannelsChanged(Id, [Offtopic])];

        Given(changed).When(new ChangeChannels(Id, ContentTopics: [General], DescriptionRevision: 4)).ThenNothing();
        Given(changed)
            .When(new ChangeChannels(Id, ContentTopics: [General], DescriptionRevision: 6))
            .Then(new ChannelsChanged(Id, [General], null, DescriptionRevision: 6));
    }

    [Fact]
    public void Another_shard_is_a_fact_and_announcements_go_there()
    {
        var shard = new PubsubTopic(16, 64);
        Given(Announced(NowClock))
            .When(new ChangeChannels(Id, ContentTopics: [General], PubsubTopic: shard))
            .Then(new ChannelsChanged(Id, [General], PubsubTopic: shard));
        Given([.. Announced(NowClock), new ChannelsChanged(Id, [General], PubsubTopic: shard)])
            .When(new ChangeChannels(Id, ContentTopics: [General], PubsubTopic: shard))
            .ThenNothing();
        Given([.. Announced(NowClock), new ChannelsChanged(Id, [General], PubsubTopic: shard), Prepared(new(6), 1)])
            .When(new ConfirmAnnouncement(Id, new(6), ["/waku/1/0x01020304/rfc26"]))
            .Then(Published(new(6), 1) with { PubsubTopic = shard });
    }
}
