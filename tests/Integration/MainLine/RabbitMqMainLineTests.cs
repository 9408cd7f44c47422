using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Tests.Integration.Http;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.MainLine;

public sealed class RabbitMqMainLineTests(RabbitMqStory story) : MainLineTests(story), IClassFixture<RabbitMqStory>
{
    private const string QueueType = "x-queue-type";
    private const string DeliveryLimit = "x-delivery-limit";
    private const string DeadLetterExchange = "x-dead-letter-exchange";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_event_is_published_once_in_the_order_of_the_stream_under_its_own_id()
    {
        var stored = story.Second.Owner.Events;
        story.Published.Select(e => e.Seq).ShouldBe(stored.Select(e => e.Seq));
        story.Published.Select(e => e.MessageId).ShouldBe(stored.Select(e => e.Id));
        story.Published.Select(e => e.Type).ShouldBe(stored.Select(e => e.Type));
        story.Published.ShouldAllBe(e => e.CommunityId == story.Line.Community.Id);
    }

    [Fact]
    public void A_command_without_a_required_field_comes_back_as_a_fault_with_the_reason()
    {
        story.WithoutCommunity.Code.ShouldBe("invalid_command");
        story.WithoutCommunity.Reason.ShouldContain("CommunityId");
    }

    [Fact]
    public void A_command_for_an_unknown_community_comes_back_as_a_fault_that_says_what_to_do()
    {
        story.UnknownCommunity.Code.ShouldBe("unknown_community");
        story.UnknownCommunity.Reason.ShouldContain("EnableHistoryArchives");
    }

    [Fact]
    public void A_magnetlink_that_another_key_signed_comes_back_as_a_fault()
    {
        story.WrongSigner.Code.ShouldBe("wrong_signer");
        story.WrongSigner.Reason.ShouldContain(story.Line.Community.Id);
    }

    [Fact]
    public void A_refused_command_leaves_its_refusal_and_nothing_else()
    {
        foreach (var (before, after) in new[] { (story.Second.Owner, story.Refused.Owner), (story.Second.Member, story.Refused.Member) })
        {
            after.Events.Select(e => e.Id).ShouldBe(before.Events.Select(e => e.Id));
            after.Messages.ShouldBe(before.Messages);
            after.Files.Keys.ShouldBe(before.Files.Keys, ignoreOrder: true);
        }
        Codes(story.Refused.Owner).ShouldBe(["CreateArchive|invalid_command", "CreateArchive|unknown_community"], ignoreOrder: true);
        Codes(story.Refused.Member).ShouldBe(["ReceiveMagnetlink|wrong_signer"]);
    }

    [Fact]
    public async Task The_private_key_is_in_nothing_that_the_broker_wrote_because_it_never_travels()
    {
        // What passed through a quorum queue stays in the broker's files for a while, read or not. A shared broker keeps them elsewhere.
        if (story.Broker.Folder is not { } folder)
            return;
        var key = Hex.Decode(story.Line.Community.PrivateKey, "The key");
        List<string> holders = [];
        var traces = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            byte[] bytes;
            try
            {
                bytes = await File.ReadAllBytesAsync(file, Cancellation);
            }
            catch (FileNotFoundException)
            {
                // The broker runs, and drops files that it needs no more.
                continue;
            }
            if (SecretForms.AreIn(bytes, key))
                holders.Add(file);
            traces += bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(story.Line.Community.Id)) >= 0 ? 1 : 0;
        }

        holders.ShouldBeEmpty();
        traces.ShouldBePositive("The commands and events must be in what was searched.");
    }

    [Theory]
    [InlineData(BusEndpoints.CommandQueue)]
    [InlineData(BusEndpoints.ReactorQueue)]
    public async Task A_queue_is_replicated_and_gives_up_a_poisonous_message_to_the_dead_letters(string queue)
    {
        var arguments = new Dictionary<string, object?>
        {
            [QueueType] = "quorum",
            [DeliveryLimit] = BusEndpoints.DeliveryLimit,
            [DeadLetterExchange] = "eventarchive-dead-letters",
        };
        await Declare(queue, arguments);
        // Declared anew with any other value the broker refuses: the arguments above are those of the queue that is there.
        foreach (var name in arguments.Keys)
        {
            var other = new Dictionary<string, object?>(arguments) { [name] = name == DeliveryLimit ? 99 : "classic" };
            var refusal = await Should.ThrowAsync<OperationInterruptedException>(() => Declare(queue, other));
            refusal.ShutdownReason!.ReplyText.ShouldContain(name);
        }
    }

    private async Task Declare(string queue, Dictionary<string, object?> arguments)
    {
        var factory = new ConnectionFactory { Uri = story.OwnerBus };
        await using var connection = await factory.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        await channel.QueueDeclareAsync(
            queue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            arguments,
            cancellationToken: Cancellation
        );
    }

    private static IEnumerable<string> Codes(LineSide side) => side.Refusals.Select(row => string.Join('|', row.Split('|').Take(2)));
}
