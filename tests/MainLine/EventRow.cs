using System.Text.Json;

namespace EventArchive.Tests.MainLine;

/// <summary>An event as it stands in a node's table.</summary>
/// <param name="Cause">The message id of the command that was decided.</param>
public sealed record EventRow(long Seq, Guid Id, string Stream, long Version, string Type, Guid Cause, JsonElement Data);
