namespace EventArchive.Events;

/// <summary>Windows that cuts have closed, one after the other: each has PartitionSeconds, the last may be shorter.</summary>
/// <param name="From">First second of the first window, Unix seconds.</param>
/// <param name="To">First second after the last window, Unix seconds.</param>
/// <param name="PartitionSeconds">Length of one window.</param>
public sealed record ClosedWindows(ulong From, ulong To, uint PartitionSeconds);
