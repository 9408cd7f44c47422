namespace EventArchive.Model;

/// <summary>The seconds from From up to To, To not included. Unix seconds.</summary>
public sealed record TimeRange(ulong From, ulong To);
