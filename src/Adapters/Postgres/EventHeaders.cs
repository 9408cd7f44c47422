using System.Text.Json;
using EventArchive.Events;

namespace EventArchive.Postgres;

/// <summary>What stands in <c>mt_events.headers</c>: the event's hash and its predecessor's. A foreign writer leaves JSON null.</summary>
internal static class EventHeaders
{
    /// <summary>SQL that gives the hash of a row, or null.</summary>
    public const string HashColumn = "headers ->> 'hash'";

    public static string Write(EventHash hash, EventHash? previous) =>
        previous is null ? $$"""{"hash":"{{hash}}","previous":null}""" : $$"""{"hash":"{{hash}}","previous":"{{previous}}"}""";
}
