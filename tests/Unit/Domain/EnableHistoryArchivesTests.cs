using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class EnableHistoryArchivesTests
{
    [Fact]
    public void A_control_node_with_the_key_is_enabled_on_the_default_shard_because_none_was_named() =>
        Given().When(new EnableHistoryArchives(Id, ControlNode: true, ContentTopics: [General])).Then(Enabled);

    [Fact]
    public void A_control_node_without_the_key_is_refused_because_it_could_never_announce() =>
        Given()
            .Knowing(facts => facts with { KeyIsHere = false })
            .When(new EnableHistoryArchives(Id, ControlNode: true, ContentTopics: [General]))
            .ThenRefused("key_missing");

    [Fact]
    public void A_member_needs_no_key_because_it_only_verifies() =>
        Given().Knowing(facts => facts with { KeyIsHere = false }).When(new EnableHistoryArchives(Id, ControlNode: false)).Then(Member);

    [Fact]
    public void Chat_ids_become_content_topics_once_each_in_their_order_because_archives_name_topics_in_that_order() =>
        Given()
            .When(new EnableHistoryArchives(Id, ControlNode: false, ChatIds: ["b", "a", "b"]))
            .Then(
                new HistoryArchivesEnabled(
                    Id,
                    false,
                    PubsubTopic.Default,
                    [ContentTopic.OfChat("b"), ContentTopic.OfChat("a")],
                    ChatIds: ["b", "a"]
                )
            );

    [Fact]
    public void A_shard_of_the_community_is_kept_because_its_members_listen_there() =>
        Given()
            .When(new EnableHistoryArchives(Id, ControlNode: false, PubsubTopic: new PubsubTopic(16, 64)))
            .Then(new HistoryArchivesEnabled(Id, false, new PubsubTopic(16, 64), []));

    [Fact]
    public void The_same_wish_again_is_quiet_because_it_is_true_already() =>
        Given(Enabled).When(new EnableHistoryArchives(Id, ControlNode: true, ContentTopics: [General])).ThenNothing();

    [Fact]
    public void The_same_wish_again_without_the_key_is_quiet_because_the_key_was_asked_for_once() =>
        Given(Enabled)
            .Knowing(facts => facts with { KeyIsHere = false })
            .When(new EnableHistoryArchives(Id, ControlNode: true, ContentTopics: [General]))
            .ThenNothing();

    [Fact]
    public void Other_channels_change_the_channels_because_the_rest_is_as_wished() =>
        Given(Enabled)
            .When(new EnableHistoryArchives(Id, ControlNode: true, ContentTopics: [General, Offtopic]))
            .Then(new ChannelsChanged(Id, [General, Offtopic]));

    [Fact]
    public void The_other_role_is_refused_because_a_stream_is_cut_here_or_followed_here() =>
        Given(Enabled).When(new EnableHistoryArchives(Id, ControlNode: false, ContentTopics: [General])).ThenRefused("already_enabled");

    [Fact]
    public void A_member_does_not_become_the_control_node_because_its_history_was_not_cut_here() =>
        Given(Member).When(new EnableHistoryArchives(Id, ControlNode: true, ContentTopics: [General])).ThenRefused("already_enabled");

    [Fact]
    public void Another_shard_is_refused_because_announcements_would_go_where_nobody_listens() =>
        Given(Member)
            .When(new EnableHistoryArchives(Id, ControlNode: false, PubsubTopic: new PubsubTopic(16, 64)))
            .ThenRefused("already_enabled");
}
