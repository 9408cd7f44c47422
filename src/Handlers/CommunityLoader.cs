using System.Data.Common;
using System.Text.Json;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Model;
using Microsoft.Extensions.Logging;

namespace EventArchive.Handlers;

/// <summary>
/// A community's present state: its saved state and the events after it, or all events where no usable state is saved. What it costs
/// does not grow with the stream.
/// </summary>
public sealed partial class CommunityLoader(IEventStore store, ICommunityStates states, ILogger<CommunityLoader> log)
{
    /// <summary>The state is saved when more events than this were folded on top of the saved one.</summary>
    public const int EventsBetweenSaves = 32;

    /// <summary>
    /// Names what folds: the builds of the decider, the events and the value types. A build with any change in them has another text and
    /// folds anew, so nobody has to remember to raise a number.
    /// </summary>
    public static readonly string Fold = string.Join(
        ' ',
        new[] { typeof(Community), typeof(IEvent), typeof(CommunityId) }.Select(type => $"{type.Assembly.ManifestModule.ModuleVersionId:N}")
    );

    public async Task<LoadedCommunity> Load(CommunityId community, CancellationToken cancellation)
    {
        var streamId = Community.StreamId(community);
        var row = await states.Find(streamId, cancellation);
        var saved = row is null ? null : Read(row);
        var loaded = saved is null ? null : await Continue(saved, streamId, cancellation);
        if (saved is not null && loaded is null)
            LogBeyond(streamId, saved.Version);
        var unusable = loaded is null ? row : null;
        loaded ??= LoadedCommunity.None.Fold(await store.ReadStream(streamId, 0, cancellation));
        var from = unusable is null ? saved?.Version ?? 0 : 0;
        if (loaded.Version - from > EventsBetweenSaves)
            await Save(streamId, loaded, unusable, cancellation);
        return loaded;
    }

    /// <summary>Null: it was folded by another build, or is damaged.</summary>
    private LoadedCommunity? Read(CommunityState row)
    {
        if (row.Fold != Fold)
            return null;
        try
        {
            return new LoadedCommunity(CommunityJson.Read(row.Json), row.Version);
        }
        catch (JsonException fault)
        {
            LogUnreadable(fault, row.StreamId, row.Version);
            return null;
        }
    }

    /// <summary>Null: the stream does not have the version that was saved, or not what follows it.</summary>
    private async Task<LoadedCommunity?> Continue(LoadedCommunity saved, string streamId, CancellationToken cancellation)
    {
        var events = await store.ReadStream(streamId, saved.Version, cancellation);
        if (events.Count > 0)
            return events[0].Version == saved.Version + 1 ? saved.Fold(events) : null;
        // Nothing after it: either the state is at the stream's end, or beyond it.
        events = await store.ReadStream(streamId, saved.Version - 1, cancellation);
        return events.Count > 0 && events[0].Version == saved.Version ? saved.Fold([.. events.Skip(1)]) : null;
    }

    /// <summary>The events are the truth and this only saves time: a failure is told, and whoever loads goes on.</summary>
    private async Task Save(string streamId, LoadedCommunity loaded, CommunityState? inPlaceOf, CancellationToken cancellation)
    {
        try
        {
            var row = new CommunityState(streamId, loaded.Version, Fold, CommunityJson.Write(loaded.Community));
            await states.Save(row, inPlaceOf, cancellation);
        }
        catch (Exception fault) when (fault is DbException or TimeoutException or IOException)
        {
            LogNotSaved(fault, streamId, loaded.Version);
        }
    }

    [LoggerMessage(1301, LogLevel.Warning, "The saved state of {StreamId} at version {Version} cannot be read; folding from the start")]
    private partial void LogUnreadable(Exception fault, string streamId, long version);

    [LoggerMessage(1302, LogLevel.Warning, "The saved state of {StreamId} is at version {Version}, which the stream does not reach")]
    private partial void LogBeyond(string streamId, long version);

    [LoggerMessage(1303, LogLevel.Warning, "The state of {StreamId} at version {Version} was not saved; the next load folds more")]
    private partial void LogNotSaved(Exception fault, string streamId, long version);
}
