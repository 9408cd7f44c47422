using System.CommandLine;
using EventArchive.EventStore;
using EventArchive.Postgres;
using EventArchive.Projections;

namespace EventArchive.Service;

/// <summary>Where the subscriptions stand, and what to do about one that stopped. They work beside a running service.</summary>
public static class ProjectionsVerbs
{
    public static Command Create() =>
        new("projections", "The documents folded from the events, and the other subscriptions")
        {
            List(),
            ProjectionsRebuildVerb.Create(),
            Retry(),
            Skip(),
        };

    private static Command List()
    {
        var list = new Command("list", "Show where each subscription stands");
        list.SetAction(
            async (parsed, cancellation) =>
            {
                await using var stores = await Stores.Open(cancellation);
                var statuses = await stores.GetRequiredService<ProjectionHealth>().Read(cancellation);
                return Output.Write(parsed, statuses, () => WriteTable(statuses));
            }
        );
        return list;
    }

    private static void WriteTable(IReadOnlyList<ProjectionStatus> statuses) =>
        Output.WriteTable([
            ["name", ">position", ">behind", "last moved", "state"],
            .. statuses.Select(status =>
                (IReadOnlyList<string>)
                    [
                        status.Name,
                        status.LastSeq.ToString(),
                        status.Behind.ToString(),
                        status.LastMovedAt?.ToString("u") ?? "never",
                        StateOf(status),
                    ]
            ),
        ]);

    private static string StateOf(ProjectionStatus status) =>
        status.StoppedReason is { } reason ? $"stopped: {reason.ReplaceLineEndings(" ")}"
        : status.StandsSince is { } since ? $"stands still since {since:u}"
        : status.Behind > 0 ? "behind"
        : "up to date";

    private static Command Retry()
    {
        var name = NameArgument();
        var retry = new Command("retry", "Let a stopped subscription try its event again") { name };
        retry.SetAction(
            async (parsed, cancellation) =>
            {
                var subscription = ProjectionHealth.Find(parsed.GetRequiredValue(name));
                await using var stores = await Stores.Open(cancellation);
                var stopped = await stores.GetRequiredService<ProjectionFailures>().Retry(subscription, cancellation);
                return Output.Write(
                    parsed,
                    stopped,
                    () => Console.WriteLine($"{stopped.Name} tries event {stopped.SeqId} again; a running service does so within seconds.")
                );
            }
        );
        return retry;
    }

    private static Command Skip()
    {
        var seq = new Argument<long>("SEQ") { Description = "The seq_id of the event at which a projection stopped" };
        var reason = new Option<string>("--reason")
        {
            Description = "Why the event may be left out; kept on record",
            HelpName = "TEXT",
            Required = true,
        };
        var skip = new Command(
            "skip",
            "Leave out an event at which a projection stopped, for every reader, with a record of who, when and why"
        )
        {
            seq,
            reason,
        };
        skip.SetAction(
            async (parsed, cancellation) =>
            {
                var skipped = parsed.GetRequiredValue(seq);
                await using var stores = await Stores.Open(cancellation);
                var by = $"{Environment.UserName}@{Environment.MachineName}";
                await stores.GetRequiredService<ProjectionFailures>().Skip(skipped, parsed.GetRequiredValue(reason), by, cancellation);
                return Output.Write(
                    parsed,
                    new { skipped, by },
                    () => Console.WriteLine($"Event {skipped} is left out from now on; a running service goes on within seconds.")
                );
            }
        );
        return skip;
    }

    private static Argument<string> NameArgument() => new("NAME") { Description = string.Join(", ", ProjectionHealth.Names) };
}
