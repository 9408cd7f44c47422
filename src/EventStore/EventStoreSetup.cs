using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Projections;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Weasel.Core;

namespace EventArchive.EventStore;

/// <summary>How Marten is set up here.</summary>
public static class EventStoreSetup
{
    /// <summary>How often a node without the daemon asks whether the leader is gone.</summary>
    public const int LeadershipPollingMilliseconds = 1000;

    private static readonly TimeSpan FastPolling = TimeSpan.FromMilliseconds(100);

    public static void Configure(StoreOptions options)
    {
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.UseSystemTextJsonForSerialization(EventJson.Options, EnumStorage.AsInteger, Casing.Default);
        options.Policies.DisableInformationalFields();
        options.DisableNpgsqlLogging = true;

        options.Events.StreamIdentity = StreamIdentity.AsString;
        // "Server" is this process: Quick alone would store the database's time, and an event's hash covers its time.
        options.Events.AppendMode = EventAppendMode.QuickWithServerTimestamps;
        options.Events.MetadataConfig.EnableAll();
        options.Events.UseExclusiveLockOnConcurrentAppends = true;
        options.Events.UseIdentityMapForAggregates = true;
        options.Events.UseListenNotifyForEventAppends = true;
        options.Events.EnableEventSkippingInProjectionsOrSubscriptions = true;
        StoredName.MapTo(options.Events.MapEventType);

        options.Projections.Add(new CommunitySnapshots(), ProjectionLifecycle.Inline);
        options.Projections.Add(new PendingWorkRows(), ProjectionLifecycle.Inline, PendingWorkRows.Name);
        options.Schema.For<CommunitySnapshot>().DocumentAlias("community");
        options.Schema.For<CommandOutcome>().Identity(outcome => outcome.MessageId).DocumentAlias("outcome");

        AllProjections.AddTo(options);

        // An event that cannot be read or folded stops its projection, and is never left out in silence.
        foreach (var errors in new[] { options.Projections.Errors, options.Projections.RebuildErrors })
        {
            errors.SkipApplyErrors = false;
            errors.SkipSerializationErrors = false;
            errors.SkipUnknownEvents = false;
        }
        // A verb hosts no daemon; a node of the deployment does.
        options.Projections.AsyncMode = DaemonMode.ExternallyManaged;
        options.Projections.LeadershipPollingTime = LeadershipPollingMilliseconds;
        // Marten misses a notification that comes while it looks: then this is how long what is new waits.
        options.Projections.FastPollingTime = FastPolling;
    }
}
