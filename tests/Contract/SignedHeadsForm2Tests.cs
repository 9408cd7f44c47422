using System.Text;
using EventArchive.Events;
using EventArchive.Postgres;
using Microsoft.AspNetCore.DataProtection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class SignedHeadsForm2Tests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private HashedStore store = null!;
    private SignedHeads heads = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = new HashedStore(await postgres.Create(Cancel));
        heads = new SignedHeads(store.Database.Source, new HeadSigningKey(store.Database.Source, new EphemeralDataProtectionProvider()));
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task A_head_over_events_of_form_1_fits_when_events_of_form_2_follow()
    {
        await store.Append("community-a", Cancel, [.. Enumerable.Range(1, 3).Select(EventSamples.Numbered)]);
        await Sign();
        await Form2Rows.Append(store.Database, "community-a", Noon, Cancel);
        await Form2Rows.Append(store.Database, "community-a", Noon, Cancel);
        (await Sign()).Head.Events.ShouldBe(5);

        (await Check()).Heads.Select(check => check.Faults.Count).ShouldBe([0, 0]);
    }

    [Fact]
    public async Task The_leaf_of_a_stream_without_foreign_events_names_the_hash_in_its_last_row()
    {
        await store.Append("community-a", Cancel, EventSamples.Numbered(1));
        var last = await Form2Rows.Append(store.Database, "community-a", Noon, Cancel, """{"more":[1.5,{"x":null}]}""");
        var root = new MerkleRoot();
        root.Add(Encoding.UTF8.GetBytes($$"""{"hash":"{{last}}","stream":"community-a","version":2}"""));

        (await Sign()).Head.Root.ShouldBe(Convert.ToHexStringLower(root.Compute()));
    }

    [Theory]
    // A foreign event has no hash, and the one of form 2 behind it names none before it: the head covers both all the same.
    [InlineData("update mt_events set data = '{}' where seq_id = 3", true)]
    [InlineData("update mt_events set data = '{}' where seq_id = 4", false)]
    [InlineData("update mt_events set headers = headers || '{\"more\": 1}' where seq_id = 4", false)]
    public async Task A_head_covers_foreign_events_between_those_of_form_2(string sql, bool whole)
    {
        await store.Append("community-a", Cancel, EventSamples.Numbered(1));
        await Form2Rows.Append(store.Database, "community-a", Noon, Cancel);
        await store.AppendForeign("community-a", Cancel);
        var stored = await Form2Rows.Append(store.Database, "community-a", Noon, Cancel);
        (await Sign()).Head.Root.ShouldBe(await ExpectedRoot(stored));
        (await Check()).Whole.ShouldBeTrue();

        await store.Database.Run(sql, Cancel);

        var report = await Check();
        report.Events.Whole.ShouldBe(whole);
        report.Heads.ShouldHaveSingleItem().Faults.ShouldHaveSingleItem().ShouldStartWith("changed");
    }

    /// <summary>As docs/integrity.md says: the last event as if it had been written behind the foreign one's hash of form 1.</summary>
    private async Task<string> ExpectedRoot(EventHash stored)
    {
        var before = EventHash.Parse(await Text("headers ->> 'hash'", 2));
        var (foreignId, causation) = (Guid.Parse(await Text("id::text", 3)), await Text("causation_id", 3));
        var foreign = EventHash.Of("community-a", 3, "order_placed", foreignId, """{"Deep":{"N":1.5}}"""u8, "request-7", causation, before);
        var id = Guid.Parse(await Text("id::text", 4));
        var data = CanonicalJson.Of(Encoding.UTF8.GetBytes(await Text("data::text", 4)));
        EventHash Behind(EventHash? previous) =>
            EventHash.OfForm2(
                "community-a",
                4,
                "archive_skipped",
                id,
                data,
                Noon,
                "request-7",
                "cause-7",
                new HeadersOfForm2("ops", previous, id).Canonical
            );
        Behind(null).ShouldBe(stored);
        var root = new MerkleRoot();
        root.Add(Encoding.UTF8.GetBytes($$"""{"hash":"{{Behind(foreign)}}","stream":"community-a","version":4}"""));
        return Convert.ToHexStringLower(root.Compute());
    }

    private Task<string> Text(string column, int seq) =>
        store.Database.Scalar<string>($"select {column} from mt_events where seq_id = {seq}", Cancel);

    private Task<SignedHead> Sign() => heads.Sign(null, null, Cancel);

    private Task<HeadReport> Check() => heads.Check(null, null, null, null, Cancel);
}
