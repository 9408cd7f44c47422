namespace EventArchive.Postgres;

/// <summary>One walk over the streams of a snapshot that checks each event and fills the tallies of heads.</summary>
/// <param name="tallies">By rising position.</param>
internal sealed class StoreWalk(StoreSnapshot snapshot, IReadOnlyList<HeadTally> tallies)
{
    /// <summary>How many events go by between two reports of progress.</summary>
    private const int EventsPerReport = 1000;

    private readonly List<BrokenEvent> broken = [];
    private BrokenEvent? first;
    private long events;
    private long streams;
    private long form1;
    private long form2;
    private long unhashed;
    private long brokenStreams;

    /// <exception cref="InvalidOperationException">Tallies are wanted, and a foreign event's data has no canonical form.</exception>
    public async Task<VerifyReport> Run(string? streamId, IProgress<long>? progress, CancellationToken cancellation)
    {
        StreamCheck? check = null;
        long? version = null;
        string? id = null;
        var tallied = 0;
        long done = 0;
        await foreach (var (stream, streamVersion, row) in snapshot.Walk(streamId, cancellation))
        {
            if (check is null || stream != id)
            {
                End();
                (check, version, id, tallied) = (new StreamCheck(stream, tallies.Count > 0), streamVersion, stream, 0);
            }
            if (row is null)
                continue;
            TallyUpTo(row.Seq);
            check.Add(row);
            if (++done % EventsPerReport == 0)
                progress?.Report(done);
        }
        End();
        if (streamId is null && await snapshot.FindWithoutStream(cancellation) is { } lost)
            Keep(lost);
        var tombstones = await snapshot.CountTombstones(streamId, cancellation);
        return new VerifyReport(events, streams, form1, form2, unhashed, tombstones, brokenStreams, first, broken);

        void End()
        {
            if (check is null)
                return;
            TallyUpTo(long.MaxValue);
            check.End(version);
            events += check.Events;
            form1 += check.Form1;
            form2 += check.Form2;
            unhashed += check.Unhashed;
            streams++;
            if (check.First is { } fault)
                Keep(fault);
        }

        // Heads that end before this event have the stream as it is now.
        void TallyUpTo(long seq)
        {
            for (; tallied < tallies.Count && (tallies[tallied].Seq < seq || seq == long.MaxValue); tallied++)
                if (check.Chain is { } chain)
                    tallies[tallied].Add(id!, check.Events, check.Version, chain);
        }
    }

    private void Keep(BrokenEvent fault)
    {
        brokenStreams++;
        if (broken.Count < VerifyReport.MaxBroken)
            broken.Add(fault);
        if (first is null || Place(fault) < Place(first))
            first = fault;
    }

    /// <summary>A stream without an event left has no place among the others: it comes last.</summary>
    private static long Place(BrokenEvent fault) => fault.SeqId == 0 ? long.MaxValue : fault.SeqId;
}
