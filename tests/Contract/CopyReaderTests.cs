using EventArchive.Postgres;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>The bytes of a binary COPY, in whatever parts they arrive.</summary>
public sealed class CopyReaderTests
{
    private const int MaxRowBytes = 6 * CopyBuffer.ShortBytes;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_of_any_length_come_back_whatever_parts_they_arrive_in()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            List<(byte[], long, string, byte[])> rows = [.. Enumerable.Range(0, random.Next(30)).Select(_ => Row(random))];
            using var bytes = await Copy(rows);

            List<(byte[], long, string, byte[])> read = [];
            var reader = Reader(new InParts(bytes, random));
            await reader.Begin(Cancel);
            while (await reader.Next(Cancel))
                read.Add((reader.Column().ToArray(), reader.Int64(), reader.Text(), reader.Column().ToArray()));

            read.Count.ShouldBe(rows.Count, $"seed {seed}");
            foreach (var (was, isNow) in rows.Zip(read))
            {
                isNow.Item1.AsSpan().SequenceEqual(was.Item1).ShouldBeTrue($"seed {seed}");
                (isNow.Item2, isNow.Item3).ShouldBe((was.Item2, was.Item3), $"seed {seed}");
                isNow.Item4.AsSpan().SequenceEqual(was.Item4).ShouldBeTrue($"seed {seed}");
            }
        }
    }

    [Fact]
    public async Task Rows_that_end_at_any_byte_before_the_last_are_an_error_and_never_fewer_rows()
    {
        using var whole = await Copy([([1, 2, 3], 4, "five", new byte[6]), ([], 0, "", [])]);
        for (var length = 0; length < whole.Length; length++)
        {
            using var cut = new MemoryStream(whole.GetBuffer(), 0, length);

            await Should.ThrowAsync<EndOfStreamException>(() => ReadAll(cut), $"at {length} of {whole.Length}");
        }
        (await ReadAll(whole)).ShouldBe(2);
    }

    [Fact]
    public async Task A_long_row_that_ends_in_the_middle_is_an_error()
    {
        using var whole = await Copy([(new byte[2 * CopyBuffer.ShortBytes], 1, "", new byte[2 * CopyBuffer.ShortBytes])]);
        for (var length = CopyBuffer.ShortBytes; length < whole.Length; length += 50_001)
        {
            using var cut = new MemoryStream(whole.GetBuffer(), 0, length);
            await Should.ThrowAsync<EndOfStreamException>(() => ReadAll(cut));
        }
    }

    [Fact]
    public async Task A_column_that_makes_a_row_too_long_is_left_out_and_told_and_all_others_come_whole()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var (first, last, tooLong) = (Bytes(random), Bytes(random), new byte[MaxRowBytes + random.Next(3 * MaxRowBytes)]);
            using var rows = await Copy([(tooLong, 1, "one", last), (first, 2, "two", tooLong), (first, 3, "three", last)]);
            var reader = Reader(new InParts(rows, random));
            await reader.Begin(Cancel);

            foreach (var (number, text, before, behind) in new[] { (1, "one", [], last), (2, "two", first, []), (3, "three", first, last) })
            {
                (await reader.Next(Cancel)).ShouldBeTrue($"seed {seed}");
                reader.LeftOutBytes.ShouldBe(number == 3 ? 0 : tooLong.Length, $"seed {seed}");
                reader.Column().Span.SequenceEqual(before).ShouldBeTrue($"seed {seed}");
                (reader.Int64(), reader.Text()).ShouldBe((number, text), $"seed {seed}");
                reader.Column().Span.SequenceEqual(behind).ShouldBeTrue($"seed {seed}");
            }
            (await reader.Next(Cancel)).ShouldBeFalse($"seed {seed}");
        }
    }

    [Fact]
    public async Task A_row_that_ends_inside_what_is_left_out_is_an_error()
    {
        using var whole = await Copy([(new byte[2 * MaxRowBytes], 1, "", [])]);
        for (var length = MaxRowBytes; length < whole.Length; length += 100_001)
        {
            using var cut = new MemoryStream(whole.GetBuffer(), 0, length);
            await Should.ThrowAsync<EndOfStreamException>(() => ReadAll(cut));
        }
    }

    [Fact]
    public async Task A_column_that_is_null_is_refused()
    {
        using var rows = new MemoryStream();
        var copy = new CopyWriter(rows);
        copy.Begin();
        copy.Row(columns: 1);
        // Its four bytes stand where the length does.
        copy.Row(-1);
        copy.Row(-1);
        await copy.End(Cancel);
        rows.Position = 0;

        (await Should.ThrowAsync<InvalidDataException>(() => ReadAll(rows))).Message.ShouldContain("-1 bytes");
    }

    [Fact]
    public async Task Bytes_behind_the_last_row_are_refused()
    {
        using var rows = await Copy([]);
        rows.SetLength(rows.Length + 1);

        await Should.ThrowAsync<InvalidDataException>(() => ReadAll(rows));
    }

    private static CopyReader Reader(Stream stream) => new(stream, CopyBuffer.Take(), MaxRowBytes);

    private static async Task<int> ReadAll(Stream stream)
    {
        var reader = Reader(stream);
        await reader.Begin(Cancel);
        var rows = 0;
        for (; await reader.Next(Cancel); rows++)
            _ = (reader.Column(), reader.Int64(), reader.Text(), reader.Column().Length);
        return rows;
    }

    private static async Task<MemoryStream> Copy(IEnumerable<(byte[] First, long Number, string Text, byte[] Last)> rows)
    {
        var stream = new MemoryStream();
        var copy = new CopyWriter(stream);
        copy.Begin();
        foreach (var row in rows)
        {
            copy.Row(columns: 4);
            copy.Bytes(row.First);
            copy.Int64(row.Number);
            copy.Text(row.Text);
            copy.Bytes(row.Last);
        }
        await copy.End(Cancel);
        stream.Position = 0;
        return stream;
    }

    private static (byte[], long, string, byte[]) Row(Random random) =>
        (Bytes(random), random.NextInt64(), new string('ü', random.Next(40)), Bytes(random));

    /// <summary>Mostly short, at times about as long as the buffer or longer.</summary>
    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[
            random.Next(10) switch
            {
                0 => CopyBuffer.ShortBytes + random.Next(-60, 60),
                1 => random.Next(2 * CopyBuffer.ShortBytes),
                _ => random.Next(3000),
            }
        ];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Gives a random part of what is asked for.</summary>
    private sealed class InParts(Stream inner, Random random) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Part(count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer[..Part(buffer.Length)], cancellationToken);

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        // Asked for nothing it must not look like the end.
        private int Part(int count) => random.Next(2) == 0 ? Math.Min(count, random.Next(1, 20)) : Math.Min(count, random.Next(1, 100_000));
    }
}
