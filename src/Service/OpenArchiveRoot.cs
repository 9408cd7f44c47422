using EventArchive.Archives;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using Microsoft.Extensions.Options;

namespace EventArchive.Service;

/// <summary>
/// Makes the root's marker at its first use. An empty folder is a first use only if this node has never said that it holds archives: the
/// events know, whatever disk is mounted.
/// </summary>
public sealed partial class OpenArchiveRoot(ArchiveRoot root, EventReader store, IOptions<NodeOptions> node, ILogger<OpenArchiveRoot> log)
{
    private static readonly string[] Claims = [StoredName.Of(typeof(ArchiveCreated)), StoredName.Of(typeof(SeedingStarted))];

    // Before the first archive only the process itself knows that the folder was not always empty; and the events are not read again for one answer.
    private volatile bool used;

    /// <returns>Whether the root is there.</returns>
    public async Task<bool> Try(CancellationToken cancellation)
    {
        try
        {
            var there = await root.Open(async () => used || (used = await WasUsed(cancellation)));
            used |= there;
            return there;
        }
        catch (IOException fault)
        {
            LogNotMarked(fault, root.FolderPath);
            return false;
        }
    }

    private async Task<bool> WasUsed(CancellationToken cancellation)
    {
        await foreach (var recorded in store.Read(new EventQuery(Types: Claims, BeyondMark: true), cancellation))
        {
            if (recorded.Event is ArchiveCreated created && created.Node == node.Value.Name)
                return true;
            if (recorded.Event is SeedingStarted seeding && seeding.Node == node.Value.Name)
                return true;
        }
        return false;
    }

    [LoggerMessage(1202, LogLevel.Error, "The archive root {Root} cannot be marked as one")]
    private partial void LogNotMarked(Exception fault, string root);
}
