using EventArchive.Postgres;

namespace EventArchive.Tests.Contract;

/// <summary>What a rebuild reported, told at once and on its own thread.</summary>
internal sealed class Reports(Action<RebuildProgress>? heard = null) : IProgress<RebuildProgress>
{
    private readonly List<RebuildProgress> all = [];

    public IReadOnlyList<RebuildProgress> All => all;

    public void Report(RebuildProgress value)
    {
        all.Add(value);
        heard?.Invoke(value);
    }
}
