using System.CommandLine;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Service;

/// <summary>Which times are not known of what was said in a community, so that nobody takes an archive for whole that is not.</summary>
public static class GapsVerb
{
    public static Command Create()
    {
        var community = new Option<string>("--community") { Description = "The community's id, 0x and 66 digits", Required = true };
        var verb = new Command("gaps", "List the times of which nobody could tell what was said in a community") { community };
        verb.SetAction(
            async (parsed, cancellation) => await List(parsed, CommunityId.Parse(parsed.GetRequiredValue(community)), cancellation)
        );
        return verb;
    }

    private static async Task<int> List(ParseResult parsed, CommunityId id, CancellationToken cancellation)
    {
        await using var stores = await Stores.Open(cancellation);
        var (community, version) = await stores.GetRequiredService<CommunityStore>().Load(id, cancellation);
        if (version == 0)
            throw new ArgumentException($"Community {id} is not known here.");
        var rows = await stores.GetRequiredService<ICoverage>().List(id, cancellation);
        var gaps = community
            .Gaps.OrderBy(gap => gap.From)
            .ThenBy(gap => gap.ContentTopic.ToString(), StringComparer.Ordinal)
            .Select(gap => new Gap(gap.ContentTopic, Moment(gap.From), Moment(gap.To)))
            .ToList();
        var channels = rows.Select(row => new Channel(
                row.ContentTopic,
                Moment(row.WantedFrom),
                row.Filled.With(row.Heard) is { IsEmpty: false } known ? Moment(known.List[^1].To) : null
            ))
            .ToList();
        return Output.Write(
            parsed,
            new
            {
                communityId = id,
                gaps,
                channels,
            },
            () => Print(community.ContentTopics, gaps, channels)
        );
    }

    private static void Print(IReadOnlyList<ContentTopic> topics, List<Gap> gaps, List<Channel> channels)
    {
        foreach (var gap in gaps)
            Console.WriteLine($"{gap.ContentTopic}  {gap.From:u} to {gap.To:u}  not known");
        Console.WriteLine(gaps.Count == 0 ? "No gap is known." : $"{gaps.Count} gaps. They are asked for until a store node can tell.");
        foreach (var channel in channels)
            Console.WriteLine(
                $"{channel.ContentTopic}  accounted for from {channel.From:u} to {channel.KnownUntil?.ToString("u") ?? "nowhere yet"}"
            );
        foreach (var topic in topics.Except(channels.Select(channel => channel.ContentTopic)))
            Console.WriteLine(
                $"{topic}  no account: its chat id is not known, so what is said there cannot be opened. Send ChangeChannels with ChatIds, "
                    + "or import the channel's key with keys import --channel."
            );
    }

    private static DateTimeOffset Moment(ulong second) =>
        DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(second, (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()));

    private sealed record Gap(ContentTopic ContentTopic, DateTimeOffset From, DateTimeOffset To);

    /// <param name="From">What was said before is nobody's concern here.</param>
    /// <param name="KnownUntil">Null: nothing was heard or told yet.</param>
    private sealed record Channel(ContentTopic ContentTopic, DateTimeOffset From, DateTimeOffset? KnownUntil);
}
