using EventArchive.Domain;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Service;
using EventArchive.Waku;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventArchive.Tests.Waku;

/// <summary>A hearing service on stores in memory.</summary>
internal static class HearingOf
{
    public static BackgroundLoops Loops(Hearing hearing, WakuOptions options) =>
        new(new LoopList(TimeProvider.System, NullLogger<BackgroundLoop>.Instance).Of(hearing, options));

    public static Hearing Nodes(
        WakuOptions options,
        WakuMetrics metrics,
        Func<IReadOnlyList<FollowedCommunity>> followed,
        Func<CommunityId, byte[], Task> received,
        IMessageStore? messages = null,
        ICoverage? coverage = null,
        Action<IReport>? report = null
    )
    {
        var keys = new WakuKeys();
        return new Hearing(
            new WakuNodes(WakuServices.NewHttpClient(), options, TimeProvider.System),
            keys,
            _ => Task.FromResult(followed()),
            new MagnetlinkListener(
                keys,
                (community, message, _) => received(community, message),
                options,
                metrics,
                TimeProvider.System,
                NullLogger<MagnetlinkListener>.Instance
            ),
            messages ?? new RecordedInMemory(),
            coverage ?? new InMemoryCoverage(),
            new InMemoryChannelKeys(),
            (sent, _) =>
            {
                report?.Invoke(sent);
                return Task.CompletedTask;
            },
            options,
            metrics,
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
    }
}
