using System.CommandLine;
using EventArchive.Postgres;
using EventArchive.Projections;

namespace EventArchive.Service;

/// <summary>Where the subscriptions stand, and what to do about one that stopped. They work beside a running service.</summary>
public static class ProjectionsVerbs
{
    public static Command Create() =>
        new("projections", "The tables folded from the events, and the other subscriptions")
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
                var statuses = await stores.GetRequiredService<SubscriptionHealth>().Read(cancellation);
                return Output.Write(parsed, statuses, () => WriteTable(statuses));
            }
        );
        return list;
    }

    private static void WriteTable(IReadOnlyList<SubscriptionStatus> statuses) =>
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

    private static string StateOf(SubscriptionStatus status) =>
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
                var subscription = Subscriptions.Find(parsed.GetRequiredValue(name));
                await using var stores = await Stores.Open(cancellation);
                var stopped = await stores.GetRequiredService<SubscriptionFaults>().Retry(subscription, cancellation);
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
        var name = NameArgument();
        var seq = new Argument<long>("SEQ") { Description = "The seq_id of the event at which it stopped" };
        var reason = new Option<string>("--reason")
        {
            Description = "Why the event may be passed over; kept on record",
            HelpName = "TEXT",
            Required = true,
        };
        var skip = new Command("skip", "Let a stopped subscription pass over its event, with a record of who, when and why")
        {
            name,
            seq,
            reason,
        };
        skip.SetAction(
            async (parsed, cancellation) =>
            {
                var subscription = Subscriptions.Find(parsed.GetRequiredValue(name));
                await using var stores = await Stores.Open(cancellation);
                var stopped = await stores
                    .GetRequiredService<SubscriptionFaults>()
                    .Skip(
                        subscription,
                        parsed.GetRequiredValue(seq),
                        parsed.GetRequiredValue(reason),
                        $"{Environment.UserName}@{Environment.MachineName}",
                        cancellation
                    );
                return Output.Write(
                    parsed,
                    stopped,
                    () => Console.WriteLine($"{stopped.Name} passes over event {stopped.SeqId}; a running service goes on within seconds.")
                );
            }
        );
        return skip;
    }

    private static Argument<string> NameArgument() => new("NAME") { Description = string.Join(", ", Subscriptions.Names) };
}
