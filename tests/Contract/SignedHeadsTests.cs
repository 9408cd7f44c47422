using System.Security.Cryptography;
using System.Text;
using EventArchive.Postgres;
using Microsoft.AspNetCore.DataProtection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class SignedHeadsTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly EphemeralDataProtectionProvider protection = new();
    private HashedStore store = null!;
    private SignedHeads heads = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = new HashedStore(await postgres.Create(Cancel));
        heads = new SignedHeads(store.Database.Source, new HeadSigningKey(store.Database.Source, protection));
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task A_head_fits_as_long_as_events_are_only_added()
    {
        (await Sign()).Head.ShouldBe(new Head(0, null, 0, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        await Fill();
        var first = await Sign();
        (first.Head.Seq, first.Head.Events, first.Head.Streams).ShouldBe((8L, 8L, 3L));
        await store.Append("community-a", Cancel, EventSamples.Numbered(6));
        await store.Append("community-0", Cancel, EventSamples.Numbered(1));
        (await Sign()).Head.Seq.ShouldBe(10);

        var report = await Check();

        report.Heads.Select(check => check.Head.Seq).ShouldBe([0L, 8, 10]);
        report.Heads.SelectMany(check => check.Faults).ShouldBeEmpty();
        report.Whole.ShouldBeTrue();
        (await heads.Check(SignedHead.Parse(first.Json), null, null, null, Cancel)).Whole.ShouldBeTrue();
    }

    [Fact]
    public async Task A_store_that_has_not_changed_keeps_its_head()
    {
        await Fill();

        (await Sign()).Json.ShouldBe((await Sign()).Json);
        (await store.Database.Scalar<long>("select count(*) from ea_signed_heads", Cancel)).ShouldBe(1);
    }

    [Theory]
    [InlineData("delete from mt_events where seq_id = 8; update mt_streams set version = 2 where id = 'community-a~'", "truncated")]
    [InlineData("delete from mt_events where stream_id = 'community-b'; delete from mt_streams where id = 'community-b'", "truncated")]
    [InlineData("truncate mt_events, mt_streams", "truncated")]
    [InlineData("update mt_events set timestamp = timestamp - interval '1 hour' where seq_id = 8", "changed")]
    // Foreign events have no hash of their own; the head covers them all the same.
    [InlineData("update mt_events set data = '{}' where seq_id = 7", "changed")]
    public async Task What_verify_cannot_see_a_head_shows(string sql, string what)
    {
        await Fill();
        await Sign();
        await store.Database.Run(sql, Cancel);

        (await Verify()).Whole.ShouldBeTrue();
        var report = await Check();

        report.Whole.ShouldBeFalse();
        report.Heads.ShouldHaveSingleItem().Faults.ShouldContain(fault => fault.StartsWith(what));
        (await Should.ThrowAsync<InvalidOperationException>(Sign)).Message.ShouldContain("Nothing was signed");
    }

    [Fact]
    public async Task A_stream_that_was_written_anew_with_new_hashes_is_whole_in_itself_and_only_a_head_shows_it()
    {
        await Fill();
        await Sign();
        await store.Database.Run("update mt_events set data = jsonb_set(data, '{To}', '99') where seq_id = 2", Cancel);
        await store.Hash("community-a", again: true, Cancel);

        (await Verify()).Whole.ShouldBeTrue();
        (await Check()).Heads.ShouldHaveSingleItem().Faults.ShouldHaveSingleItem().ShouldStartWith("changed");
    }

    [Fact]
    public async Task Events_in_another_order_and_events_put_in_are_told_apart()
    {
        await Fill();
        await Sign();
        await store.Database.Run(
            "update mt_events set version = 99 where seq_id = 2; update mt_events set version = 2 where seq_id = 3; "
                + "update mt_events set version = 3 where seq_id = 2",
            Cancel
        );
        (await Check()).Heads.ShouldHaveSingleItem().Faults.ShouldHaveSingleItem().ShouldStartWith("reordered");

        await store.Database.Run(
            "insert into mt_streams (id, version) values ('x', 1); insert into mt_events (seq_id, id, stream_id, version, data, type) "
                + "values (-1, gen_random_uuid(), 'x', 1, '{}', 'order_placed')",
            Cancel
        );
        (await Check()).Heads.ShouldHaveSingleItem().Faults.ShouldHaveSingleItem().ShouldContain("1 events were put in");
    }

    [Fact]
    public async Task Every_stored_head_is_held_against_the_store_so_that_the_time_of_the_change_can_be_told()
    {
        await Fill();
        await Sign();
        await store.Append("community-a", Cancel, EventSamples.Numbered(6));
        await Sign();
        await store.Database.Run("update mt_events set data = jsonb_set(data, '{To}', '99') where seq_id = 9", Cancel);
        await store.Hash("community-a", again: true, Cancel);

        (await Check()).Heads.Select(check => check.Faults.Count == 0).ShouldBe([true, false]);
    }

    [Fact]
    public async Task A_head_that_was_changed_or_that_another_key_signed_is_refused()
    {
        await Fill();
        var signed = await Sign();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string[] forged =
        [
            signed.Json.Replace("\"events\":8", "\"events\":7", StringComparison.Ordinal),
            SignedHead.Sign(signed.Head, other).Json,
            signed.Json.Replace(Convert.ToBase64String(signed.Signature), "AAAA", StringComparison.Ordinal),
        ];

        foreach (var json in forged)
            (await heads.Check(SignedHead.Parse(json), null, null, null, Cancel))
                .Heads.ShouldHaveSingleItem()
                .Faults.ShouldHaveSingleItem()
                .ShouldContain("signature does not fit");
        // Whoever names the other key trusts it.
        (await heads.Check(SignedHead.Parse(forged[1]), other.ExportSubjectPublicKeyInfo(), null, null, Cancel)).Whole.ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"head\":{},\"publicKey\":\"AA==\",\"signature\":\"AA==\"}")]
    [InlineData("{\"head\":{\"format\":\"eventarchive-head-9\"},\"publicKey\":\"AA==\",\"signature\":\"AA==\"}")]
    [InlineData("{\"head\":7,\"publicKey\":\"%\",\"signature\":7}")]
    public void What_is_no_signed_head_is_refused(string json) => Should.Throw<FormatException>(() => SignedHead.Parse(json));

    [Fact]
    public async Task A_signature_can_be_checked_with_the_printed_text_alone()
    {
        await Fill();
        var json = (await Sign()).Json;
        var head = json["{\"head\":".Length..(json.IndexOf('}', StringComparison.Ordinal) + 1)];
        var signed = SignedHead.Parse(json);
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(signed.PublicKey, out _);

        key.VerifyData(Encoding.UTF8.GetBytes(head), signed.Signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            .ShouldBeTrue();
    }

    [Fact]
    public async Task The_signing_key_is_made_once_and_kept_encrypted()
    {
        var keys = Enumerable.Range(0, 4).Select(_ => new HeadSigningKey(store.Database.Source, protection).OpenOrCreate(Cancel));
        var made = await Task.WhenAll(keys);

        made.Select(key => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())).Distinct().ShouldHaveSingleItem();
        var secret = made[0].ExportParameters(includePrivateParameters: true).D!;
        var stored = await store.Database.Scalar<byte[]>("select protected from ea_signing_keys", Cancel);
        stored.AsSpan().IndexOf(secret.AsSpan(0, 8)).ShouldBe(-1);
        var stranger = new HeadSigningKey(store.Database.Source, new EphemeralDataProtectionProvider());
        (await Should.ThrowAsync<InvalidOperationException>(() => stranger.Find(Cancel))).Message.ShouldContain("key ring");
    }

    [Fact]
    public async Task Without_a_head_or_a_key_there_is_nothing_to_check()
    {
        (await Should.ThrowAsync<InvalidOperationException>(Check)).Message.ShouldContain("heads sign");
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var foreign = SignedHead.Sign(new Head(0, null, 0, 0, ""), other);
        (await Should.ThrowAsync<InvalidOperationException>(() => heads.Check(foreign, null, null, null, Cancel))).Message.ShouldContain(
            "--key"
        );
    }

    /// <summary>a: 1 to 3, b: 4 and 5, a stream beyond ASCII: 6, a foreign one: 7, and its own again: 8.</summary>
    private async Task Fill()
    {
        await store.Append("community-a", Cancel, [.. Enumerable.Range(1, 3).Select(EventSamples.Numbered)]);
        await store.Append("community-b", Cancel, [.. Enumerable.Range(1, 2).Select(EventSamples.Numbered)]);
        await store.Append("community-a~", Cancel, EventSamples.Numbered(1));
        await store.AppendForeign("community-a~", Cancel);
        await store.AppendForeign("community-a~", Cancel);
    }

    private Task<SignedHead> Sign() => heads.Sign(null, null, Cancel);

    private Task<HeadReport> Check() => heads.Check(null, null, null, null, Cancel);

    private Task<VerifyReport> Verify() => new StoreVerifier(store.Database.Source).Verify(null, null, null, Cancel);
}
