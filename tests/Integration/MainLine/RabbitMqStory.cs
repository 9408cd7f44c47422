using System.Collections.Concurrent;
using EventArchive.Commands;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Waku;
using MassTransit;
using IEvent = EventArchive.Events.IEvent;

namespace EventArchive.Tests.Integration.MainLine;

/// <summary>The story over a broker, where other services take part: one that listens to all events, and one that sends wrong commands.</summary>
public sealed class RabbitMqStory : LineStory
{
    private const string OwnerHost = "owner";
    private const string MemberHost = "member";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly byte[] StrangersKey = [.. Enumerable.Repeat((byte)0x33, CommunityKey.PrivateKeyBytes)];

    private readonly ConcurrentDictionary<Guid, (string Code, string Reason)> faults = new();
    private IBusControl atOwner = null!;
    private IBusControl atMember = null!;

    public PrivateRabbitMq Broker { get; private set; } = null!;

    /// <summary>What a temporary queue received from the owner, in the order of arrival.</summary>
    public ConcurrentQueue<PublishedEvent> Published { get; } = new();

    public (string Code, string Reason) WithoutCommunity { get; private set; }
    public (string Code, string Reason) UnknownCommunity { get; private set; }
    public (string Code, string Reason) WrongSigner { get; private set; }

    /// <summary>After the wrong commands.</summary>
    public LineStage Refused { get; private set; } = null!;

    public Uri OwnerBus => Broker.Uri(OwnerHost);

    protected override async Task<(Uri? Owner, Uri? Member)> StartBus()
    {
        Broker = await Keep(PrivateRabbitMq.Start([OwnerHost, MemberHost], Cancellation));
        return (Broker.Uri(OwnerHost), Broker.Uri(MemberHost));
    }

    protected override async Task Begin()
    {
        atOwner = await Connect(Broker.Uri(OwnerHost));
        atMember = await Connect(Broker.Uri(MemberHost));
    }

    protected override async Task End()
    {
        await Deadline.Until("every event has arrived", () => Published.Count >= Second.Owner.Events.Count, Limit, Cancellation);
        var stranger = CommunityKey.IdOf(StrangersKey);
        var magnet = Magnetlink.Parse(
            Second.Owner.Events.Last(e => e.Type == "magnetlink_published").Data.GetProperty("Magnetlink").GetString()!
        );
        var signed = new MagnetlinkMessages().Sign(StrangersKey, Clock.After(default, DateTimeOffset.UnixEpoch.AddDays(20_000)), magnet);

        WithoutCommunity = await Fault(atOwner, new CreateArchive(null!));
        UnknownCommunity = await Fault(atOwner, new CreateArchive(stranger));
        WrongSigner = await Fault(atMember, new ReceiveMagnetlink(CommunityId.Parse(Line.Community.Id), signed));
        Refused = await Look();
    }

    private async Task<IBusControl> Connect(Uri host)
    {
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(host);
            rabbit.ReceiveEndpoint(endpoint =>
            {
                endpoint.ConcurrentMessageLimit = 1;
                endpoint.Handler<IEvent>(Hear);
                endpoint.Handler<Fault<CreateArchive>>(context => HearFault(context.Message));
                endpoint.Handler<Fault<ReceiveMagnetlink>>(context => HearFault(context.Message));
            });
        });
        await bus.StartAsync(Cancellation);
        Keep(new StopWhenDisposed(bus));
        return bus;

        Task Hear(ConsumeContext<IEvent> context)
        {
            if (host == OwnerBus)
                Published.Enqueue(
                    new PublishedEvent(
                        context.MessageId!.Value,
                        context.Headers.Get<long>("seq")!.Value,
                        context.Headers.Get<string>("type")!,
                        context.Message.CommunityId.ToString()
                    )
                );
            return Task.CompletedTask;
        }
    }

    private Task HearFault(Fault fault)
    {
        var exception = fault.Exceptions.Single();
        faults[fault.FaultedMessageId!.Value] = ($"{exception.Data?["code"]}", exception.Message);
        return Task.CompletedTask;
    }

    private async Task<(string Code, string Reason)> Fault<TCommand>(IBusControl bus, TCommand command)
        where TCommand : class
    {
        var id = Guid.CreateVersion7();
        var endpoint = await bus.GetSendEndpoint(BusEndpoints.Commands);
        await endpoint.Send(command, context => context.MessageId = id, Cancellation);
        await Deadline.Until($"{typeof(TCommand).Name} comes back as a fault", () => faults.ContainsKey(id), Limit, Cancellation);
        return faults[id];
    }

    private sealed class StopWhenDisposed(IBusControl bus) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await bus.StopAsync(TimeSpan.FromSeconds(10));
    }
}
