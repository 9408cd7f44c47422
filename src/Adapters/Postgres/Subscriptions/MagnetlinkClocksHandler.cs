using EventArchive.Handlers;
using EventArchive.Projections;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Projection <see cref="MagnetlinkClocks"/> into <c>ea_magnetlink_clocks</c>.</summary>
internal sealed class MagnetlinkClocksHandler : IEventHandler
{
    public string Name => "MagnetlinkClocks";

    public async Task Handle(RecordedEvent recorded, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var row = await MagnetlinkClocksTable.Find(recorded.Event.CommunityId, connection, cancellation);
        var next = MagnetlinkClocks.Apply(row, recorded.Event);
        if (next is not null && !ReferenceEquals(row, next))
            await MagnetlinkClocksTable.Save(next, connection, cancellation);
    }

    public bool IsTheEventsFault(Exception fault) => !DatabaseFault.Is(fault);
}
