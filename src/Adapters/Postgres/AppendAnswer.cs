namespace EventArchive.Postgres;

/// <summary>What <c>ea_append</c> and <c>ea_append_one</c> say of an append.</summary>
/// <param name="Result">One of the three below.</param>
/// <param name="FoundVersion">The stream's version before.</param>
/// <param name="Number">Of its last event; null when none was stored.</param>
/// <param name="At">The time of its events.</param>
internal readonly record struct AppendAnswer(char Result, long FoundVersion, long? Number, DateTimeOffset At)
{
    public const char Appended = 'a';
    public const char Conflict = 'c';
    public const char Duplicate = 'd';
}
