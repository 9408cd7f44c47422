using System.Text.Json;
using EventArchive.Events;

namespace EventArchive.Postgres;

/// <summary>Follows one stream, version by version, and keeps the first event that does not fit.</summary>
/// <param name="withChain">Whether <see cref="Chain"/> is wanted: it costs hashing what has no hash.</param>
internal sealed class StreamCheck(string streamId, bool withChain)
{
    /// <summary>How far around its place the version is looked for under which a misplaced event was written.</summary>
    private const long OrderReach = 100;

    private EventHash? stored;
    private bool hashedBefore;
    private long lastSeq;

    /// <summary>Of the last event of form 2: only there the time is covered by the hash, and the writer lets it never fall.</summary>
    private DateTimeOffset? lastTime;

    public BrokenEvent? First { get; private set; }

    public long Events { get; private set; }

    public long Form1 { get; private set; }

    public long Form2 { get; private set; }

    public long Unhashed { get; private set; }

    /// <summary>Of the last event.</summary>
    public long Version { get; private set; }

    /// <summary>The last event's hash when each event is hashed behind the one before, whether or not its row has a hash.</summary>
    public EventHash? Chain { get; private set; }

    /// <exception cref="InvalidOperationException">The chain is wanted, and a foreign event's data has no canonical form.</exception>
    public void Add(HashedRow row)
    {
        First ??= FaultOf(row);
        if (withChain)
            Chain = ChainWith(row);
        Events++;
        if (row.Hash is null)
            Unhashed++;
        else if (row.IsForm2)
            (Form2, lastTime) = (Form2 + 1, row.Time);
        else if (row.Form is null)
            Form1++;
        hashedBefore |= row.Hash is not null;
        stored = HashOrNull(row.Hash);
        Version = row.Version;
        lastSeq = row.Seq;
    }

    /// <param name="streamVersion">What <c>mt_streams</c> says.</param>
    public void End(long? streamVersion)
    {
        if (streamVersion != Version)
            First ??= new BrokenEvent(
                lastSeq,
                streamId,
                Version + 1,
                Break.StreamVersion,
                $"mt_streams has version {streamVersion?.ToString() ?? "null"}, the last event has {Version}: events were removed or put in at the end."
            );
    }

    private BrokenEvent? FaultOf(HashedRow row)
    {
        if (row.Version > Version + 1)
            return new BrokenEvent(
                row.Seq,
                streamId,
                Version + 1,
                Break.Hole,
                $"version {row.Version} follows {Version}: events between them are missing."
            );
        if (row.Version <= Version)
            return Fault(row, Break.Order, $"version {row.Version} is there twice.");
        if (row.Hash is null)
            return FaultOfUnhashed(row);
        return FaultOfForm(row) ?? FaultOfHashed(row) ?? FaultOfPlace(row);
    }

    private BrokenEvent? FaultOfUnhashed(HashedRow row)
    {
        if (row.IsForm2)
            return Fault(row, Break.HashMissing, "its headers say that it was hashed by form 2, and its hash is gone.");
        return row.Ours && hashedBefore
            ? Fault(row, Break.HashMissing, "this service wrote it behind hashed events, and its hash is gone.")
            : null;
    }

    private BrokenEvent? FaultOfForm(HashedRow row)
    {
        if (row.Form is not null && !row.IsForm2)
            return Fault(row, Break.UnknownForm, BreakReason.OfUnknownForm(row.Form));
        return row.Form is null && Form2 > 0
            ? Fault(
                row,
                Break.OlderForm,
                "its hash is of form 1, and an event before it has one of form 2: it was written anew, its headers were changed, or a node of "
                    + "an older release wrote it."
            )
            : null;
    }

    private BrokenEvent? FaultOfPlace(HashedRow row)
    {
        if (row.Seq <= lastSeq)
            return Fault(row, Break.Order, $"its seq_id is below {lastSeq}, that of the version before.");
        return row.IsForm2 && row.Time < lastTime
            ? Fault(row, Break.EarlierTime, $"{BreakReason.OfEarlierTime(row, lastTime.Value)}.")
            : null;
    }

    private BrokenEvent? FaultOfHashed(HashedRow row)
    {
        if (HashOrNull(row.Hash) is not { } hash || (row.Previous is not null && HashOrNull(row.Previous) is null))
            return Fault(row, Break.Changed, "its headers hold something else than a hash of 64 lower-case hexadecimal digits.");
        var previous = HashOrNull(row.Previous);
        try
        {
            var found = row.HashBehind(previous);
            if (found == hash)
                return previous == stored ? null : Fault(row, Break.Previous, Differs(row));
            return WrittenAs(row, previous, hash) is { } version
                ? Fault(row, Break.Order, $"it was written as version {version} and stands at {row.Version}.")
                : Fault(row, Break.Changed, BreakReason.OfChanged(row, found, hash, lastTime));
        }
        catch (JsonException fault)
        {
            return Fault(row, Break.Changed, $"it has no canonical form: {fault.Message}");
        }
    }

    private string Differs(HashedRow row) =>
        $"it was written behind {(row.Previous is null ? "an event without a hash or as the first" : $"the hash {row.Previous}")}, "
        + $"and now stands behind {(stored is null ? "no hash" : $"{stored}")}: events before it were changed, removed or put in.";

    private static long? WrittenAs(HashedRow row, EventHash? previous, EventHash hash)
    {
        for (var version = Math.Max(1, row.Version - OrderReach); version <= row.Version + OrderReach; version++)
            if (version != row.Version && row.HashAt(version, previous) == hash)
                return version;
        return null;
    }

    private EventHash ChainWith(HashedRow row)
    {
        try
        {
            return row.HashBehind(Chain);
        }
        catch (JsonException fault)
        {
            throw new InvalidOperationException(
                $"The event with seq_id {row.Seq} has no canonical form, so that no head can cover it: {fault.Message}",
                fault
            );
        }
    }

    private static EventHash? HashOrNull(string? text)
    {
        try
        {
            return text is null ? null : EventHash.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private BrokenEvent Fault(HashedRow row, Break what, string reason) => new(row.Seq, streamId, row.Version, what, reason);
}
