using System.CommandLine;
using EventArchive.Postgres;
using EventArchive.Projections;

namespace EventArchive.Service;

/// <summary>Folds projections anew while the service runs.</summary>
public static class ProjectionsRebuildVerb
{
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
            "Fold a projection anew beside its table, then swap the two; ended at any point, it goes on from there when it is run again"
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

    private static IReadOnlyList<Projection> Choose(string? name, bool all)
    {
        if (all == name is not null)
            throw new ArgumentException("Name one projection, or give --all.");
        if (all)
            return AllProjections.List;
        return Subscriptions.Find(name!) switch
        {
            Subscriptions.PendingWork => throw new ArgumentException(
                "PendingWork cannot be rebuilt: its rows hold the leases and attempts of effects that are under way, which no event tells."
            ),
            Subscriptions.Publish => throw new ArgumentException(
                "publish cannot be rebuilt: it would hand every event to the bus again. Its effects are not rows."
            ),
            var found => [AllProjections.Find(found)!],
        };
    }

    private static async Task Rebuild(Projection projection, IServiceProvider stores, CancellationToken cancellation)
    {
        var time = stores.GetRequiredService<TimeProvider>();
        await ProgressBar.Show(
            projection.Name,
            async bar =>
            {
                var view = new RebuildView(TerminalLine.OfConsole() is null ? null : bar, time);
                try
                {
                    await stores.GetRequiredService<ProjectionRebuild>().Run(projection, view, cancellation);
                }
                catch (UnhandledEventException fault)
                {
                    throw new InvalidOperationException(
                        $"{fault.Message.TrimEnd('.')}. The live table is untouched. Mend it, or pass over the event with "
                            + $"eventarchive projections skip {projection.Name} {fault.SeqId} --reason TEXT, and run the rebuild again.",
                        fault
                    );
                }
                return true;
            }
        );
    }
}
