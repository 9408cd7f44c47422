using EventArchive.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class CopyWriterTests(PostgresFixture postgres)
{
    private const int RowBytes = 200_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_that_is_abandoned_leaves_no_row_and_what_broke_it_stays_the_reason(bool broken)
    {
        await using var database = await postgres.Create(Cancel);
        await database.Run("create table copied (bytes bytea)", Cancel);

        await using (var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false"))
        {
            await connection.OpenAsync(Cancel);
            await using var stream = await connection.BeginRawBinaryCopyAsync("copy copied from stdin (format binary)", Cancel);
            var copy = new CopyWriter(stream);
            copy.Begin();
            await Send(copy);
            await Send(copy);
            if (broken)
            {
                await database.Run($"select pg_terminate_backend({connection.ProcessID}, 20000)", Cancel);
                await Should.ThrowAsync<NpgsqlException>(async () =>
                {
                    while (true)
                        await Send(copy);
                });
            }
            await CopyWriter.Abandon(stream);
        }

        (await database.Scalar<long>("select count(*) from copied", Cancel)).ShouldBe(0);
    }

    private static ValueTask Send(CopyWriter copy)
    {
        copy.Row(columns: 1);
        copy.Bytes(new byte[RowBytes]);
        return copy.SendFull(Cancel);
    }
}
