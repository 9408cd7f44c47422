using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.BitTorrent;

/// <summary>Eight pieces of data in archives of two, and a ninth piece for the index.</summary>
public sealed class WantedPiecesTests
{
    private const int Piece = ArchiveEntry.PieceBytes;
    private const int IndexBytes = 500;

    private static readonly TorrentShape Shape = new(InfoHash.FromBytes(new byte[20]), "", Piece, 9, 8 * Piece, IndexBytes);
    private static readonly ArchiveEntry[] Archives = [.. Enumerable.Range(0, 4).Select(Archive)];

    [Fact]
    public void Without_an_order_all_of_the_data_is_wanted_alike_and_the_index_first() =>
        Priorities(DataChoice.All).ShouldBe([4, 4, 4, 4, 4, 4, 4, 4, 7]);

    [Fact]
    public void The_newest_archive_comes_first_and_each_before_the_one_that_is_older() =>
        Priorities(DataChoice.NewestFirst(Archives)).ShouldBe([4, 4, 5, 5, 6, 6, 7, 7, 7]);

    [Fact]
    public void What_is_whole_makes_room_for_the_next() =>
        Priorities(DataChoice.NewestFirst(Archives), 4, 6, 7).ShouldBe([5, 5, 6, 6, 7, 7, 4, 4, 7]);

    [Fact]
    public void Far_more_archives_than_there_are_priorities_leave_the_oldest_at_the_usual_one()
    {
        var shape = Shape with { PieceCount = 21, DataBytes = 20 * Piece };
        var wanted = WantedPieces.Of(shape, DataChoice.NewestFirst(Enumerable.Range(0, 10).Select(Archive)));

        wanted.Priorities(new bool[21]).ShouldBe([4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 6, 6, 7, 7, 7]);
    }

    [Fact]
    public void Of_a_choice_nothing_else_is_wanted_but_the_index() =>
        Priorities(DataChoice.Only([Archives[1]])).ShouldBe([0, 0, 7, 7, 0, 0, 0, 0, 7]);

    [Fact]
    public void A_piece_on_the_border_of_two_archives_is_wanted_for_either()
    {
        ArchiveEntry left = Archives[0] with { Size = Piece + 1 },
            right = Archives[1] with { Offset = Piece + 1, Size = Piece };

        Priorities(DataChoice.Only([left])).ShouldBe([7, 7, 0, 0, 0, 0, 0, 0, 7]);
        Priorities(DataChoice.Only([right])).ShouldBe([0, 7, 7, 0, 0, 0, 0, 0, 7]);
    }

    [Fact]
    public void An_index_that_shares_its_first_piece_with_the_data_has_it_wanted()
    {
        var shape = Shape with { DataBytes = (7 * Piece) + 10, PieceCount = 8 };

        WantedPieces.Index(shape).WantedBytes.ShouldBe(IndexBytes + 10);
    }

    [Fact]
    public void An_archive_beyond_the_data_is_no_reason_to_fail() =>
        Priorities(DataChoice.Only([Archives[0] with { Offset = 100 * Piece }])).ShouldBe([0, 0, 0, 0, 0, 0, 0, 0, 7]);

    [Fact]
    public void Progress_counts_the_bytes_of_what_is_wanted_alone()
    {
        var wanted = WantedPieces.Of(Shape, DataChoice.Only([Archives[1]]));
        var status = new Native.Status { State = Native.State.Downloading, PieceCount = 9 };

        var begun = new LoadedTorrent(status, There(0, 2, 8), null);
        var done = new LoadedTorrent(status, There(2, 3, 8), null);

        (wanted.Progress(begun).DoneBytes, wanted.Progress(begun).TotalBytes).ShouldBe((Piece + IndexBytes, (2 * Piece) + IndexBytes));
        (wanted.AreThere(begun), wanted.AreThere(done)).ShouldBe((false, true));
    }

    [Fact]
    public void While_files_are_checked_nothing_is_taken_for_there()
    {
        var status = new Native.Status { State = Native.State.Checking, PieceCount = 9 };

        WantedPieces.Index(Shape).AreThere(new LoadedTorrent(status, There(8), null)).ShouldBeFalse();
    }

    private static byte[] Priorities(DataChoice choice, params int[] there) => WantedPieces.Of(Shape, choice).Priorities(There(there));

    private static bool[] There(params int[] pieces) => [.. Enumerable.Range(0, 9).Select(pieces.Contains)];

    private static ArchiveEntry Archive(int number) =>
        new(ArchiveId.Parse($"0x{number:x64}"), (ulong)number, (ulong)number + 1, number * 2L * Piece, 2 * Piece, 0);
}
