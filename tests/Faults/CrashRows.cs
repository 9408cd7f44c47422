using Xunit;

namespace EventArchive.Tests.Faults;

public enum CrashBus
{
    InMemory = 0,
    RabbitMq = 1,
}

/// <summary>
/// Which crash points run on which bus: every third row on one of the two, in turn, and with EVENTARCHIVE_ALL=1 (<c>./test --all</c>) every
/// row on both.
/// </summary>
public static class CrashRows
{
    private const int Sparse = 3;

    public static TheoryData<int, string?, string?> For(CrashBus bus)
    {
        var all = Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1";
        var data = new TheoryData<int, string?, string?>();
        foreach (var (row, points) in CrashPoints.Rows.Index().Where(one => all || one.Index % (2 * Sparse) == Sparse * (int)bus))
            data.Add(row, points.Owner, points.Member);
        return data;
    }
}
