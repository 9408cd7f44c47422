using Xunit;

namespace EventArchive.Tests.Faults;

public enum CrashBus
{
    InMemory,
    RabbitMq,
}

/// <summary>Which crash points run on which bus.</summary>
public static class CrashRows
{
    public static TheoryData<int, string?, string?> For(CrashBus bus)
    {
        _ = bus;
        var data = new TheoryData<int, string?, string?>();
        foreach (var (row, points) in CrashPoints.Rows.Index())
            data.Add(row, points.Owner, points.Member);
        return data;
    }
}
