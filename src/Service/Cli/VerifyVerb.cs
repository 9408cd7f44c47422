using System.CommandLine;
using System.Text.Json;
using EventArchive.Domain;
using EventArchive.Model;
using EventArchive.Postgres;

namespace EventArchive.Service;

/// <summary>Every event's hash is recomputed from its row, and the first that does not fit is named.</summary>
public static class VerifyVerb
{
    public static Command Create()
    {
        var community = new Option<string?>("--community")
        {
            Description = "Only this community's stream: its id, 0x-hex of the compressed public key",
            HelpName = "ID",
        };
        var verify = new Command("verify", "Recompute every event's hash and name the first that does not fit") { community };
        verify.SetAction(
            async (parsed, cancellation) =>
            {
                var only = parsed.GetValue(community) is { } id ? CommunityId.Parse(id) : null;
                await using var stores = await Stores.Open(cancellation);
                var verifier = stores.GetRequiredService<StoreVerifier>();
                var report = await ProgressBar.Show(
                    "counting",
                    bar =>
                        verifier.Verify(
                            only is null ? null : Community.StreamId(only),
                            total => bar.Step("verifying", total),
                            bar,
                            cancellation
                        )
                );
                if (only is not null && report.Streams == 0)
                    throw new InvalidOperationException($"The store has no event of community {only}.");
                Output.Write(parsed, ToJson(report), () => Tell(report));
                return report.First is { } first ? throw new InvalidOperationException(Summary(report, first)) : 0;
            }
        );
        return verify;
    }

    internal static object ToJson(VerifyReport report) =>
        new
        {
            report.Whole,
            report.Events,
            report.Streams,
            report.Form1,
            report.Form2,
            report.Unhashed,
            report.Tombstones,
            report.BrokenStreams,
            first = report.First is { } first ? ToJson(first) : null,
            broken = report.Broken.Select(ToJson),
        };

    internal static void Tell(VerifyReport report)
    {
        Console.WriteLine($"{report.Events} events in {report.Streams} streams, {report.BrokenStreams} streams broken.");
        Output.WriteTable([
            [">events", "hash", "covers"],
            [$"{report.Form2}", "form 2", "time, headers and content"],
            [$"{report.Form1}", "form 1", "content, neither time nor headers"],
            [$"{report.Unhashed}", "none", "nothing: from foreign writers or from before events had hashes"],
        ]);
        if (report.Tombstones > 0)
            Console.WriteLine($"{report.Tombstones} tombstones of Marten, which are no events.");
        if (!report.Whole)
            Output.WriteTable([
                [">seq_id", "stream", ">version", "what", "reason"],
                .. report.Broken.Select(fault =>
                    (string[])[$"{fault.SeqId}", fault.StreamId, $"{fault.Version}", NameOf(fault.What), fault.Reason]
                ),
            ]);
    }

    internal static string Summary(VerifyReport report, BrokenEvent first) =>
        $"{report.BrokenStreams} of {report.Streams} streams are broken. The first event that does not fit: seq_id {first.SeqId}, version "
        + $"{first.Version} of {first.StreamId} ({NameOf(first.What)}): {first.Reason}";

    private static object ToJson(BrokenEvent fault) =>
        new
        {
            fault.SeqId,
            fault.StreamId,
            fault.Version,
            what = NameOf(fault.What),
            fault.Reason,
        };

    private static string NameOf(Break what) => JsonNamingPolicy.CamelCase.ConvertName(what.ToString());
}
