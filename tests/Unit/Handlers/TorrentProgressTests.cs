using EventArchive.Handlers;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Handlers;

public sealed class TorrentProgressTests
{
    private const long Piece = ArchiveEntry.PieceBytes;

    [Theory]
    [InlineData(0, 2, 2)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 3, 2)]
    [InlineData(3, 1, 1)]
    [InlineData(4, 2, 0)]
    public void An_archive_has_the_bytes_of_its_own_pieces_that_are_there(int firstPiece, int pieces, int there)
    {
        var progress = new TorrentProgress(0, 0, 0, [true, true, false, true]);
        var archive = new ArchiveEntry(Archive(1), 0, 1, firstPiece * Piece, pieces * Piece, 0);

        progress.DoneBytesOf(archive).ShouldBe(there * Piece);
    }

    [Fact]
    public void An_archive_that_does_not_fill_its_pieces_is_there_when_its_own_bytes_are()
    {
        var progress = new TorrentProgress(0, 0, 0, [true, true]);
        var archive = new ArchiveEntry(Archive(1), 0, 1, Piece / 2, Piece, 0);

        progress.DoneBytesOf(archive).ShouldBe(archive.Size);
    }

    private static ArchiveId Archive(byte number) => ArchiveId.Parse("0x" + string.Concat(Enumerable.Repeat($"{number:x2}", 32)));
}
