using System.Text.Encodings.Web;
using System.Text.Json;
using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using Shouldly;

namespace EventArchive.Tests.Unit.Domain;

/// <summary>Given what happened, when a command comes, then these events, nothing, or a refusal by its code.</summary>
internal sealed record CommunitySpec(IReadOnlyList<IEvent> History, Community Community, Facts Facts, ICommand? Command = null)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static CommunitySpec Given(params IReadOnlyList<IEvent> events) =>
        new(events, events.Aggregate(Community.Initial, Community.Evolve), new Facts(Sample.Now) { KeyIsHere = true });

    public CommunitySpec At(DateTimeOffset now) => this with { Facts = Facts with { Now = now } };

    /// <summary>
    /// Without it the decision is made at Sample.Now, with the key imported and nothing recorded. What the history says is known in any case.
    /// </summary>
    public CommunitySpec Knowing(Func<Facts, Facts> facts) => this with { Facts = facts(Facts) };

    public CommunitySpec When(ICommand command) => this with { Command = command };

    public void Then(params IReadOnlyList<IEvent> expected) => Text(Decide()).ShouldBe(Text(expected));

    public void ThenNothing() => Text(Decide()).ShouldBeEmpty();

    public void ThenRefused(string code)
    {
        var refused = Should.Throw<CommandRefused>(() => Decide());
        refused.Code.ShouldBe(code);
        refused.Message.ShouldEndWith(".", customMessage: "A refusal is a sentence for a person.");
    }

    /// <summary>Events as their stored JSON: records compare lists by reference, JSON by content.</summary>
    public static IReadOnlyList<string> Text(IEnumerable<IEvent> events) =>
        [.. events.Select(@event => $"{@event.GetType().Name} {JsonSerializer.Serialize(@event, @event.GetType(), Readable)}")];

    private IReadOnlyList<IEvent> Decide() => Community.Decide(Command!, Community, Facts.Of(History, Command!));
}
