using System.CommandLine;
using EventArchive.Archives;
using EventArchive.Handlers;

namespace EventArchive.Service;

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
                // Read and checked whole before the first message is stored.
                var messages = MessageFile.Read(parsed.GetRequiredValue(file).FullName);
                var community = ArchiveVerbs.CommunityOf(messages);
                await using var stores = await Stores.Open(cancellation);
                var store = stores.GetRequiredService<IMessageStore>();
                var recorded = 0L;
                foreach (var batch in messages.Messages.Chunk(BatchMessages))
                    recorded += await store.Record(community, batch, cancellation);
                return Output.Write(
                    parsed,
                    new
                    {
                        communityId = community,
                        messages = messages.Messages.Count,
                        recorded,
                    }
                );
            }
        );
        return new Command("messages", "The recorded messages that archives are cut from") { record };
    }
}
