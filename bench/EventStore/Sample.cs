using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Bench.EventStore;

/// <summary>Believable events of some 400 bytes of JSON, and streams for each writer.</summary>
internal static class Sample
{
    /// <summary>Streams of one writer, appended to in turn, so that streams are interleaved in the store.</summary>
    public const int StreamsOfEach = 64;

    private static readonly InfoHash InfoHash = InfoHash.Parse(new string('1', 40));
    private static readonly PubsubTopic Topic = new(16, 128);

    public static CommunityId Community(int number) => CommunityId.Parse("0x02" + number.ToString("x64"));

    /// <param name="number">0 for the first of its stream.</param>
    public static IEvent Event(CommunityId community, long number) =>
        number == 0
            ? new HistoryArchivesEnabled(community, ControlNode: true, Topic, [ContentTopic.Parse("0x01020304")])
            : new MagnetlinkPublished(
                community,
                new Clock((ulong)(1_700_604_800_000 + number)),
                InfoHash,
                Magnetlink.Of(InfoHash, community, []),
                Topic,
                ["/waku/1/0x01020304/rfc26", "/waku/1/0x05060708/rfc26"]
            );
}
