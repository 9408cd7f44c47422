using System.Text.Json;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>
/// <c>stored-forms/NAME.N.json</c> is a body that some release wrote under that stored name, N counting its forms;
/// <c>NAME.N.expected.json</c> is what this version reads in it. A body is never changed or taken away; a shape that changes gets a new pair,
/// with every field filled.
/// </summary>
public sealed class StoredFormTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "stored-forms");

    public static TheoryData<string> Samples => [.. Names()];

    public static TheoryData<string> StoredNames => [.. StoredName.All.Select(pair => pair.Key).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_form_that_was_ever_stored_is_read_because_history_is_never_rewritten(string sample)
    {
        var storedName = sample[..sample.IndexOf('.', StringComparison.Ordinal)];

        var read = EventJson.Read(1, storedName, Text(sample));

        read.ShouldNotBeAssignableTo<ISupersededEvent>();
        Same(
            Text($"{sample}.expected"),
            $$"""{"type":"{{StoredName.Of(read.GetType())}}","data":{{EventJson.Write(read)}}}""",
            $"{sample} is read as something else"
        );
    }

    [Theory]
    [MemberData(nameof(StoredNames))]
    public void The_newest_sample_has_the_shape_that_is_written_now_because_a_shape_without_a_sample_would_be_forgotten(string storedName)
    {
        var newest = Names().Where(name => name.StartsWith(storedName + ".", StringComparison.Ordinal)).MaxBy(FormOf);
        newest.ShouldNotBeNull($"{storedName} has no sample: add stored-forms/{storedName}.1.json and .1.expected.json.");
        if (StoredName.TypeOf(storedName)!.IsAssignableTo(typeof(ISupersededEvent)))
            return;

        Same(
            Text(newest),
            EventJson.Write(EventJson.Read(1, storedName, Text(newest))),
            $"The shape of {storedName} has changed: leave {newest}.json as it is and add form {FormOf(newest) + 1} beside it"
        );
    }

    [Theory]
    [MemberData(nameof(StoredNames))]
    public void The_newest_sample_fills_every_field_because_an_empty_one_has_no_shape(string storedName)
    {
        var newest = Names().Where(name => name.StartsWith(storedName + ".", StringComparison.Ordinal)).MaxBy(FormOf)!;
        using var json = JsonDocument.Parse(Text(newest));

        Empty(json.RootElement).ShouldBeFalse($"{newest}.json has a null or an empty list");
    }

    [Fact]
    public void Forms_are_counted_without_a_hole_and_stand_under_names_that_are_known()
    {
        foreach (var forms in Names().GroupBy(name => name[..name.IndexOf('.', StringComparison.Ordinal)], FormOf))
        {
            StoredName.TypeOf(forms.Key).ShouldNotBeNull();
            forms.Order().ShouldBe(Enumerable.Range(1, forms.Count()), forms.Key);
        }
    }

    private static bool Empty(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => true,
            JsonValueKind.Object => value.EnumerateObject().Any(member => Empty(member.Value)),
            JsonValueKind.Array => value.GetArrayLength() == 0 || value.EnumerateArray().Any(Empty),
            _ => false,
        };

    private static IEnumerable<string> Names() =>
        Directory
            .EnumerateFiles(Folder, "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => !name.EndsWith(".expected", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static int FormOf(string sample) => int.Parse(sample[(sample.IndexOf('.', StringComparison.Ordinal) + 1)..]);

    private static string Text(string name) => File.ReadAllText(Path.Combine(Folder, name + ".json"));

    private static void Same(string expected, string actual, string message)
    {
        using var left = JsonDocument.Parse(expected);
        using var right = JsonDocument.Parse(actual);
        JsonElement.DeepEquals(left.RootElement, right.RootElement).ShouldBeTrue($"{message}: expected {expected.Trim()}, is {actual}.");
    }
}
