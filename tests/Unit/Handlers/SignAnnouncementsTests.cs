using System.Security.Cryptography;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Tests.Unit.Domain;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Handlers;

public sealed class SignAnnouncementsTests
{
    private static readonly byte[] Key = [7, 7];
    private static readonly Clock Ahead = new(NowClock.Milliseconds + 5000);
    private static readonly IEvent[] Asked = [Enabled, Cutting(), Created(1), Seeding(1), Requested(1)];

    private readonly OneKey keys = new() { Key = Key };

    [Fact]
    public async Task What_was_asked_for_is_signed_with_the_present_time_because_it_is_later_than_the_last_clock() =>
        await Signed(Asked, Prepare(NowClock, 1));

    [Fact]
    public async Task A_machine_clock_behind_takes_the_last_clock_and_one_because_a_clock_only_rises() =>
        await Signed([.. Asked, Ignored(Ahead, 1, IgnoredBecause.OwnMessage)], Prepare(new(Ahead.Milliseconds + 1), 1));

    [Fact]
    public async Task All_seeders_that_listen_are_named_in_the_order_of_their_nodes_because_the_magnet_must_repeat() =>
        await Signed([.. Asked, Seeding(1, "c", 3), Seeding(1, "d", null), Seeding(1, "b", 2)], Prepare(NowClock, 1, 2, 3));

    [Fact]
    public async Task Of_many_seeders_only_as_many_are_named_as_a_magnet_may_hold()
    {
        var seeders = Enumerable.Range(1, 250).Select(peer => Seeding(1, $"node-{peer:d3}", peer));
        await Signed(
            [Enabled, Cutting(), Created(1), .. seeders, Requested(1)],
            Prepare(NowClock, [.. Enumerable.Range(1, Magnetlink.MaxPeers)])
        );
    }

    [Fact]
    public async Task What_nobody_asks_for_any_more_is_not_signed_because_its_signature_would_be_good_for_ever()
    {
        (await Sign(Asked[..^1])).ShouldBeEmpty();
        (await Sign([.. Asked, Prepared(NowClock, 1, 1)])).ShouldBeEmpty();
        (await Sign([.. Asked, Cutting(T1, T2, 1), Created(2, T1, T2)])).ShouldBeEmpty();
        keys.Asked.ShouldBe(0);
    }

    [Fact]
    public async Task Each_clock_is_a_report_of_its_own_because_a_later_try_is_no_repeat_of_one_that_came_too_late() =>
        (await Sign(Asked)).ShouldHaveSingleItem().Part.ShouldBe(NowClock.ToString());

    [Fact]
    public async Task Without_the_key_it_waits_because_seeding_and_all_else_goes_on()
    {
        keys.Key = null;
        var missing = await Should.ThrowAsync<CommunityKeyMissingException>(() => Sign(Asked));
        missing.IsHere.ShouldBeFalse();
        missing.Message.ShouldContain(Id.ToString());
        missing.Message.ShouldContain("keys import");
    }

    [Fact]
    public async Task A_key_that_cannot_be_decrypted_waits_too_and_says_why()
    {
        keys.Unreadable = new CryptographicException("Restore the key ring.");
        var missing = await Should.ThrowAsync<CommunityKeyMissingException>(() => Sign(Asked));
        missing.IsHere.ShouldBeTrue();
        missing.Message.ShouldBe("Restore the key ring.");
    }

    [Fact]
    public async Task A_clock_more_than_a_day_ahead_is_not_signed_because_members_would_not_take_it()
    {
        var far = new Clock(NowClock.Milliseconds + (ulong)TimeSpan.FromDays(2).TotalMilliseconds);
        var fault = await Should.ThrowAsync<InvalidOperationException>(() => Sign([.. Asked, Ignored(far, 1, IgnoredBecause.OwnMessage)]));
        fault.Message.ShouldContain("check this machine's time");
    }

    private static PrepareAnnouncement Prepare(Clock clock, params int[] peers) =>
        new(Id, Hash(1), clock, Magnet(1, peers), Sample.Sign(clock, Magnet(1, peers)));

    private async Task Signed(IEnumerable<IEvent> events, PrepareAnnouncement expected)
    {
        var report = (await Sign(events)).ShouldHaveSingleItem().Report.ShouldBeOfType<PrepareAnnouncement>();
        report.SignedMessage.ShouldBe(expected.SignedMessage);
        (report with { SignedMessage = expected.SignedMessage }).ShouldBe(expected);
    }

    private async Task<List<(IReport Report, string Part)>> Sign(IEnumerable<IEvent> events)
    {
        using var signals = new EffectSignals();
        List<(IReport, string)> reports = [];
        await new SignAnnouncements(keys, new TextMessages(), new FixedTime(), signals).Perform(
            events.Aggregate(Community.Initial, Community.Evolve),
            (report, part) =>
            {
                reports.Add((report, part));
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken
        );
        return reports;
    }

    private sealed class OneKey : ICommunityKeys
    {
        public byte[]? Key { get; set; }

        public CryptographicException? Unreadable { get; set; }

        public int Asked { get; private set; }

        public Task<byte[]?> Find(CommunityId community, CancellationToken cancellation)
        {
            Asked++;
            return Unreadable is null ? Task.FromResult(Key?.ToArray()) : throw Unreadable;
        }

        public Task<bool> Exists(CommunityId community, CancellationToken cancellation) => Task.FromResult(Key is not null);

        public Task Import(CommunityId community, ReadOnlyMemory<byte> privateKey, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<CommunityId>> List(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<bool> Forget(CommunityId community, CancellationToken cancellation) => throw new NotSupportedException();
    }

    private sealed class TextMessages : IMagnetlinkMessages
    {
        public byte[] Sign(ReadOnlySpan<byte> communityPrivateKey, Clock clock, Magnetlink magnetlink)
        {
            communityPrivateKey.ToArray().ShouldBe(Key);
            return Sample.Sign(clock, magnetlink);
        }

        public SignedMagnetlink Open(ReadOnlySpan<byte> signedMessage) => throw new NotSupportedException();
    }
}
