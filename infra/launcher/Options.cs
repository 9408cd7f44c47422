namespace EventArchive.Launcher;

/// <summary>What <c>./run</c> was asked for.</summary>
public sealed record Options(string MessageFile, bool Json, bool RabbitMq, bool ServeOnly)
{
    public const string Usage = "usage: ./run [FILE] [--json] [--bus memory|rabbitmq]   or   ./run serve [--bus memory|rabbitmq]";

    /// <exception cref="ArgumentException">With the usage.</exception>
    public static Options Parse(string[] arguments, string bundledFile)
    {
        var options = new Options(bundledFile, Json: false, RabbitMq: false, ServeOnly: false);
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "serve" => options with { ServeOnly = true },
                "--json" => options with { Json = true },
                "--bus" when ++i < arguments.Length && arguments[i] is "memory" or "rabbitmq" => options with
                {
                    RabbitMq = arguments[i] is "rabbitmq",
                },
                var file when !file.StartsWith('-') => options with { MessageFile = Path.GetFullPath(file) },
                _ => throw new ArgumentException($"{arguments[Math.Min(i, arguments.Length - 1)]} is not understood. {Usage}"),
            };
        }
        return options;
    }
}
