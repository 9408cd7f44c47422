using System.Data;
using EventArchive.EventStore;
using EventArchive.Handlers;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>A connection for one batch of appends after another. Between times it is back in the pool.</summary>
internal sealed class AppendLane
{
    private readonly NpgsqlConnection connection;
    private readonly OneAppend one;
    private readonly ManyAppends many;

    public AppendLane(NpgsqlDataSource source)
    {
        connection = source.CreateConnection();
        one = new OneAppend(connection);
        many = new ManyAppends(connection);
    }

    public async ValueTask Open()
    {
        if (connection.State == ConnectionState.Open)
            return;
        // The server may have ended the session of the last batch.
        await Close();
        await connection.OpenAsync(CancellationToken.None);
    }

    public Task Close() => connection.CloseAsync();

    /// <summary>Sends the appends and answers each.</summary>
    public async Task Execute(IReadOnlyList<AppendCall> calls, StreamHeads heads, InboxQuestion inbox)
    {
        var answers = calls.Count == 1 ? [await one.Execute(calls[0])] : await many.Execute(calls);
        IReadOnlyDictionary<Guid, CommandOutcome>? repeats = null;
        if (answers.Any(answer => answer.Result == AppendAnswer.Duplicate))
            repeats = await inbox.Find([.. calls.Select(call => call.Append.MessageId)], default);
        for (var n = 0; n < answers.Length; n++)
        {
            var (call, answer) = (calls[n], answers[n]);
            switch (answer.Result)
            {
                case AppendAnswer.Appended:
                    if (call.Ids.Length > 0)
                        heads.Remember(call.Append.StreamId, call.Append.ExpectedVersion + call.Ids.Length, call.LastHash);
                    call.Appended(answer.At, answer.Number);
                    break;
                case AppendAnswer.Conflict:
                    call.Conflict(answer.FoundVersion);
                    break;
                case AppendAnswer.Duplicate when repeats!.TryGetValue(call.Append.MessageId, out var outcome):
                    call.Duplicate(outcome);
                    break;
                default:
                    call.Fail(new InvalidOperationException($"The database answered '{answer.Result}', which this version does not know."));
                    break;
            }
        }
    }
}
