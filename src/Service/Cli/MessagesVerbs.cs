using System.CommandLine;
using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Service;

/// <summary>The recorded messages that archives are cut from.</summary>
public static class MessagesVerbs
{
    private const int BatchMessages = 1000;

    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A message file, as archive build reads it" };
        var record = new Command("record", "Record the messages of a file; each hash is stored once") { file };
        record.SetAction(
            async (parsed, cancellation) =>
            {
                var (community, messages, recorded) = await ProgressBar.Show(
                    "reading",
                    bar => Record(parsed.GetRequiredValue(file), bar, cancellation)
                );
                return Output.Write(
                    parsed,
                    new
                    {
                        communityId = community,
                        messages,
                        recorded,
                    },
                    () => Console.WriteLine($"{recorded} of {messages} messages recorded for {community}; the others were there already.")
                );
            }
        );
        return new Command("messages", "The recorded messages that archives are cut from") { record };
    }

    private static async Task<(CommunityId Community, int Messages, long Recorded)> Record(
        FileInfo file,
        ProgressBar bar,
        CancellationToken cancellation
    )
    {
        // Read and checked whole before the first message is stored.
        var messages = await ArchiveVerbs.Read(file, cancellation);
        var community = ArchiveVerbs.CommunityOf(messages);
        await using var stores = await Stores.Open(cancellation);
        var store = stores.GetRequiredService<IMessageStore>();
        bar.Step("recording", messages.Messages.Count);
        var (done, recorded) = (0L, 0L);
        foreach (var batch in messages.Messages.Chunk(BatchMessages))
        {
            recorded += await store.Record(community, batch, cancellation);
            bar.Report(done += batch.Length);
        }
        return (community, messages.Messages.Count, recorded);
    }
}
