using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Model;
using EventArchive.Projections;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

/// <summary>Commands over a small alphabet, so that they meet: two of three answer an effect that is due, the third is anything.</summary>
internal sealed class RandomCommands(Random random, bool controlNode)
{
    private const int Torrents = 6;
    private const int Archives = 4;

    private static readonly string[] Nodes = ["a", "b", "c"];
    private static readonly uint[] Partitions = [60, 3600, Week];
    private int cuts = Torrents;
    private long recorded;

    public DateTimeOffset Now { get; private set; } = DateTimeOffset.FromUnixTimeSeconds((long)T1);

    /// <summary>The machine clock mostly runs, sometimes leaps, and sometimes falls back.</summary>
    public void Tick() =>
        Now += random.Next(10) switch
        {
            0 => TimeSpan.FromDays(random.Next(1, 30)),
            1 => TimeSpan.FromHours(-random.Next(1, 60)),
            _ => TimeSpan.FromSeconds(random.Next(0, 7200)),
        };

    public Facts Facts(Community state) =>
        new(Now)
        {
            OldestMessage = random.Next(20) == 0 ? null : T0,
            HighestMessageNumber = recorded += random.Next(3),
            Announced = new Announced(SomeClock(state), Magnet(SomeTorrent(), random.Next(2))),
            KeyIsHere = random.Next(10) > 0,
            Ratchet = random.Next(10) == 0 ? null : new RatchetPosition(Key(random.Next(1, 3)), (uint)random.Next(100)),
        };

    public ICommand Next(Community state, IReadOnlyCollection<Effect> due)
    {
        if (state.Id is null && random.Next(2) == 0)
            return new EnableHistoryArchives(Id, controlNode, ContentTopics: [General]);
        return due.Count > 0 && random.Next(3) > 0 ? Answer(state, due.ElementAt(random.Next(due.Count))) : Any(state);
    }

    private ICommand Answer(Community state, Effect effect) =>
        (effect, random.Next(8)) switch
        {
            (Effect.Cut, 0) => new FailArchiveCreation(Id, state.Cutting!.From, state.Cutting.To, "failed"),
            (Effect.Cut, 1) => Cut(state.Cutting!.From, state.Cutting.To) with { Torrent = null, Archives = [] },
            (Effect.Cut, _) => Cut(state.Cutting!.From, state.Cutting.To),
            (Effect.Seed, _) => new ConfirmSeeding(Id, state.Torrent!.InfoHash, SomeNode(), SomePeer()),
            (Effect.Sign, 0) => Signed(state.Requested!.InfoHash, SomeClock(state)),
            (Effect.Sign, _) => Signed(state.Requested!.InfoHash, Clock.After(state.HighestClock, Now)),
            (Effect.Announce, 0) => new FailAnnouncement(Id, state.Announcing!.Clock, "failed"),
            (Effect.Announce, _) => new ConfirmAnnouncement(Id, state.Announcing!.Clock, []),
            (Effect.Download, 0) => new FailDownload(Id, state.Downloading!.InfoHash, "failed"),
            (Effect.Download, 1) => new ParkDownload(Id, state.Downloading!.InfoHash, Key(random.Next(1, 3))),
            (Effect.Download, < 4) => new ReportArchivesDownloaded(Id, state.Downloading!.InfoHash, SomeArchives(), Archives),
            (Effect.Download, _) => new CompleteDownload(Id, state.Downloading!.InfoHash, SomeArchives(), PieceBytes),
            (Effect.ResumeImport, _) => new ResumeImport(Id, state.Torrent?.InfoHash ?? Hash(SomeTorrent())),
            (Effect.Import, 1 or 2) => Park(state.Importing!.InfoHash),
            (Effect.Import, 0) => new QuarantineArchive(Id, state.Importing!.InfoHash, SomeArchives()[0], "broken"),
            _ => new ReportArchivesImported(Id, state.Importing!.InfoHash, SomeArchives(), 1, 0),
        };

    private ICommand Any(Community state) =>
        random.Next(23) switch
        {
            22 => Signed(Hash(SomeTorrent()), SomeClock(state)),
            21 => new ReportSeedingStopped(Id, SomeNode(), Retired: random.Next(2) == 0),
            19 => new ReportHistoryGap(Id, SomeTopics(), SomeWindow(), SomeWindow(), "no store"),
            20 => new ReportHistoryFilled(Id, SomeTopics(), SomeWindow(), SomeWindow()),
            0 => new EnableHistoryArchives(Id, SomeRole(state), ContentTopics: [General], EncryptedAfter: SomeEncryption(state)),
            1 => new ChangeChannels(
                Id,
                ChatIds: random.Next(3) == 0 ? ["general"] : null,
                ContentTopics: random.Next(3) == 0 ? [] : [Offtopic, General],
                MagnetlinkClock: random.Next(2) == 0 ? null : SomeClock(state),
                DescriptionRevision: random.Next(2) == 0 ? null : (ulong)random.Next(5),
                PubsubTopic: random.Next(4) == 0 ? new PubsubTopic(16, (ushort)random.Next(3)) : null
            ),
            2 or 3 => new CreateArchive(Id, SomeFrom(state), SomeTo(state), Partitions[random.Next(Partitions.Length)]),
            4 => Cut(SomeWindow(), SomeWindow()),
            5 => new FailArchiveCreation(Id, SomeWindow(), SomeWindow(), "failed"),
            6 => new ConfirmSeeding(Id, Hash(SomeTorrent()), SomeNode(), SomePeer()),
            7 => new AnnounceArchive(Id, random.Next(2) == 0 ? null : SomeClock(state)),
            8 => new ConfirmAnnouncement(Id, SomeClock(state), []),
            9 => new FailAnnouncement(Id, SomeClock(state), "failed"),
            10 or 11 => new ReceiveMagnetlink(Id, Sample.Signed),
            12 => new RestoreArchive(Id),
            13 => new ReportArchivesDownloaded(Id, Hash(SomeTorrent()), SomeArchives(), Archives),
            16 => new ParkDownload(Id, Hash(SomeTorrent()), Key(random.Next(1, 3))),
            17 => Park(Hash(SomeTorrent())),
            18 => new ResumeImport(Id, Hash(SomeTorrent())),
            14 => new CompleteDownload(Id, Hash(SomeTorrent()), SomeArchives(), PieceBytes),
            _ => new ReportArchivesImported(Id, Hash(SomeTorrent()), SomeArchives(), 1, 0),
        };

    private PrepareAnnouncement Signed(InfoHash torrent, Clock clock)
    {
        var magnetlink = Magnetlink.Of(torrent, Id, []).WithPeers([Peer(random.Next(1, 4))]);
        return new(Id, torrent, clock, magnetlink, Sign(clock, magnetlink));
    }

    private ParkArchives Park(InfoHash torrent) =>
        new(Id, torrent, SomeArchives().ToDictionary(archive => archive.ToString(), _ => Key(random.Next(1, 3))));

    /// <summary>Mostly what is stated already; sometimes something new.</summary>
    private ulong? SomeEncryption(Community state) =>
        random.Next(8) switch
        {
            0 => null,
            1 => T0 + Week,
            _ => state.EncryptedAfter,
        };

    private CompleteArchive Cut(ulong from, ulong to)
    {
        var torrent = ++cuts;
        var made = new CutTorrent(Hash(torrent), Magnet(torrent), torrent, DataBytes(torrent));
        return new(Id, from, to, made, [], 1, new Dictionary<string, string>(), SomeNode(), SomePeer());
    }

    /// <summary>The first wish decides the role; later ones sometimes want the other.</summary>
    private bool SomeRole(Community state) => state.Id is not null && random.Next(8) == 0 ? !controlNode : controlNode;

    private Clock SomeClock(Community state) =>
        random.Next(6) switch
        {
            0 => state.HighestClock,
            1 => new Clock(state.HighestClock.Milliseconds + 1),
            2 => new Clock(Math.Max(1, state.HighestClock.Milliseconds) - 1),
            3 => new Clock((ulong)Now.AddDays(3).ToUnixTimeMilliseconds()),
            _ => new Clock((ulong)Now.AddMinutes(random.Next(-600, 600)).ToUnixTimeMilliseconds()),
        };

    private ulong? SomeFrom(Community state) =>
        random.Next(6) switch
        {
            0 => SomeWindow(),
            1 => state.ArchivedUntil,
            2 => state.Cutting?.From,
            _ => null,
        };

    private ulong? SomeTo(Community state) =>
        random.Next(6) switch
        {
            0 => SomeWindow(),
            1 => state.ArchivedUntil + Week,
            2 => state.Cutting?.To,
            _ => null,
        };

    private ulong SomeWindow() => T0 + ((ulong)random.Next(5) * Week);

    private ContentTopic[] SomeTopics() => random.Next(2) == 0 ? [General] : [General, Offtopic];

    private int SomeTorrent() => random.Next(1, Torrents + 1);

    private string SomeNode() => Nodes[random.Next(Nodes.Length)];

    private PeerAddress? SomePeer() => random.Next(4) == 0 ? null : Peer(random.Next(1, 4));

    private ArchiveId[] SomeArchives() => [.. Enumerable.Range(random.Next(1, 3), random.Next(1, Archives - 1)).Select(Archive)];
}
