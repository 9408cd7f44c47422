namespace EventArchive.Domain;

/// <summary>The rule says no. Never tried again; answered with the code and the reason.</summary>
/// <param name="code">Stable, for programs.</param>
/// <param name="reason">A sentence that says what to do.</param>
public sealed class CommandRefused(string code, string reason) : Exception(reason)
{
    public string Code { get; } = code;
}
