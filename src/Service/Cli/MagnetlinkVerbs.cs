using System.CommandLine;
using System.Text.Json;
using EventArchive.Waku;

namespace EventArchive.Service;

/// <summary>The magnetlink message, layer by layer, for whoever checks the format. Keys come in on standard input and are not printed.</summary>
public static class MagnetlinkVerbs
{
    private const int MaxInputCharacters = 4 * 1024 * 1024;

    public static Command Create()
    {
        var encode = new Command("encode", "Read communityPrivateKey, clock, magnetUri, … as JSON from standard input; print every layer");
        encode.SetAction(
            async (parsed, cancellation) =>
                Write(parsed, MagnetlinkEnvelope.Encode(await Read<MagnetlinkInput>("communityPrivateKey, clock, magnetUri", cancellation)))
        );
        var decode = new Command(
            "decode",
            "Read wakuMessage, wakuPayload, protocolMessage or wrapped as JSON from standard input; verify and print it"
        );
        decode.SetAction(
            async (parsed, cancellation) =>
            {
                var verdict = MagnetlinkEnvelope.Decode(
                    await Read<MagnetlinkSample>("wakuMessage, wakuPayload, protocolMessage or wrapped", cancellation)
                );
                Write(parsed, verdict);
                return verdict.Accepted ? 0 : throw new FormatException($"The message is not accepted: {verdict.Error}");
            }
        );
        return new Command("magnetlink", "The magnetlink message, offline") { encode, decode };
    }

    private static async Task<T> Read<T>(string fields, CancellationToken cancellation)
    {
        var what = $"a JSON object with the fields {fields}";
        var text = await StandardInput.Read(what, MaxInputCharacters, cancellation);
        try
        {
            return JsonSerializer.Deserialize<T>(text, MagnetlinkEnvelope.Json)
                ?? throw new FormatException($"Standard input is null: give {what}.");
        }
        catch (JsonException fault)
        {
            throw new FormatException($"Standard input is not {what}. {JsonFault.Tell(fault)}", fault);
        }
    }

    private static int Write<T>(ParseResult parsed, T value)
    {
        if (parsed.GetValue(CommandLine.JsonOption))
            Console.WriteLine(JsonSerializer.Serialize(value, MagnetlinkEnvelope.Json));
        else
            Output.Write(parsed, JsonSerializer.SerializeToElement(value, MagnetlinkEnvelope.Json));
        return 0;
    }
}
