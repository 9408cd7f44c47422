using System.CommandLine;
using EventArchive.EventStore;
using EventArchive.Postgres;
using EventArchive.Projections;

namespace EventArchive.Service;

/// <summary>Folds projections anew.</summary>
public static class ProjectionsRebuildVerb
{
    /// <summary>Of the states that commands are decided on, see <see cref="CommunitySnapshots"/>.</summary>
    private const string States = "Community";

    public static Command Create()
    {
        var name = new Argument<string?>("NAME")
        {
            Description = string.Join(", ", AllProjections.List.Select(projection => projection.Name)),
            Arity = ArgumentArity.ZeroOrOne,
        };
        var all = new Option<bool>("--all") { Description = "Every projection, one after another" };
        var rebuild = new Command(
            "rebuild",
            "Delete the documents of a projection and fold them anew; readers see fewer of them meanwhile. Ended before that is done, run it again"
        )
        {
            name,
            all,
        };
        rebuild.SetAction(
            async (parsed, cancellation) =>
            {
                var chosen = Choose(parsed.GetValue(name), parsed.GetValue(all));
                await using var stores = await Stores.Open(cancellation);
                foreach (var projection in chosen)
                    await Rebuild(projection, stores, cancellation);
                return Output.Write(
                    parsed,
                    new { rebuilt = chosen.Select(projection => projection.Name) },
                    () => Console.WriteLine($"Rebuilt: {string.Join(", ", chosen.Select(projection => projection.Name))}.")
                );
            }
        );
        return rebuild;
    }

    private static IReadOnlyList<FoldedProjection> Choose(string? name, bool all)
    {
        if (all == name is not null)
            throw new ArgumentException("Name one projection, or give --all.");
        if (all)
            return AllProjections.List;
        if (Is(PendingWorkRows.Name) || Is(States))
            throw new ArgumentException(
                $"{name} changes with the events, in one transaction: eventarchive db apply rebuilds it, with the nodes stopped."
            );
        if (Is(EventPublisher.Name))
            throw new ArgumentException(
                "publish has nothing to rebuild: it has no documents, and would hand every event to the bus again."
            );
        return [AllProjections.Find(ProjectionHealth.Find(name!))!];

        bool Is(string one) => string.Equals(name, one, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task Rebuild(FoldedProjection projection, IServiceProvider stores, CancellationToken cancellation)
    {
        var time = stores.GetRequiredService<TimeProvider>();
        await ProgressBar.Show(
            projection.Name,
            async bar =>
            {
                var view = new RebuildView(TerminalLine.OfConsole() is null ? null : bar, time);
                await stores.GetRequiredService<ProjectionRebuild>().Run(projection, view, cancellation);
                return true;
            }
        );
    }
}
