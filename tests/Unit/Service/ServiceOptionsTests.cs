using EventArchive.Service;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Service;

public sealed class ServiceOptionsTests
{
    private const string Secret = "opensesame";

    [Fact]
    public void Good_settings_are_read_in_any_case()
    {
        var options = ServiceOptions.Read(
            With(("http:URL", "http://localhost:0"), ("Work:Sweep", "00:00:05"), ("Bus:Transport", "inmemory"))
        );

        options.Http.Url.ShouldBe("http://localhost:0");
        options.Work.Sweep.ShouldBe(TimeSpan.FromSeconds(5));
        options.Node.Name.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("Http:Url", "http://0.0.0.0:8646", "loopback")]
    [InlineData("Http:Url", "http://192.0.2.1:8646", "loopback")]
    [InlineData("Http:Url", "http://example.org", "loopback")]
    [InlineData("Http:Url", "http://*:8646", "Http:Url")]
    [InlineData("Http:Url", "https://127.0.0.1:8646", "Http:Url")]
    [InlineData("Http:Url", "8646", "Http:Url")]
    [InlineData("Http:Url", "", "Http:Url")]
    // The listener would take this for two addresses, and the second is everybody's.
    [InlineData("Http:Url", "http://127.0.0.1:8646/;http://0.0.0.0:80", "without a path")]
    [InlineData("Http:Url", "http://user:" + Secret + "@127.0.0.1:8646", "user name")]
    [InlineData("Kestrel:Endpoints:Other:Url", "http://0.0.0.0:80", "Kestrel:Endpoints")]
    [InlineData("Data:Root", "", "Data:Root")]
    [InlineData("Data:Root", "/nowhere/at/all", "create or mount")]
    [InlineData("Data:KeyRing", "", "Data:KeyRing")]
    [InlineData("Data:KeyRing", "postgres", "Data:KeyRingCertificate is empty")]
    [InlineData("Data:KeyRingCertificate", "/nowhere.pem", "does not exist")]
    [InlineData("Schedule:CutEvery", "00:00:30", "Schedule:CutEvery")]
    [InlineData("Schedule:AnnounceEvery", "-08:00:00", "AnnounceEvery")]
    [InlineData("Schedule:RetryAfter", "00:00:00", "RetryAfter")]
    [InlineData("Http:RequireApiKey", "perhaps", "true or false")]
    [InlineData("Postgres:ConnectionString", "", "EVENTARCHIVE_Postgres__ConnectionString")]
    [InlineData("Postgres:ConnectionString", "Host=x;Pasword=" + Secret, "Postgres:ConnectionString")]
    [InlineData("Postgres:ConnectionString", "Password=" + Secret, "names no Host")]
    [InlineData("Postgres:ConnectionString", Secret, "Postgres:ConnectionString")]
    [InlineData("Postgres:ConnectionString", "Host=x;Port=" + Secret, "Postgres:ConnectionString")]
    [InlineData("Bus:Transport", "Pigeons", "InMemory or RabbitMq")]
    [InlineData("Work:Sweep", "soon", "a time like 00:00:02")]
    [InlineData("Work:Sweep", "-00:00:01", "Work:")]
    [InlineData("Work:MaxAttempts", "many", "a whole number")]
    [InlineData("Work:MaxAttempts", "0", "at least 1")]
    [InlineData("Node:Name", " ", "Node:Name")]
    [InlineData("BitTorrent:Listen", "everywhere", "BitTorrent:Listen")]
    [InlineData("BitTorrent:Discovery", "Everything", "Off or Trackers or Public")]
    [InlineData("BitTorrent:Discovery", "Trackers", "names none")]
    [InlineData("BitTorrent:MaxDownloads", "4", "Node:SeedConcurrency 4")]
    [InlineData("Node:SeedConcurrency", "8", "BitTorrent:MaxDownloads is 8")]
    [InlineData("BitTorrent:MaxDownloads", "1001", "BitTorrent:MaxDownloads is 1 to 1,000")]
    [InlineData("BitTorrent:MaxMagnetTrackers", "9", "BitTorrent:MaxMagnetTrackers is 0 to 8")]
    [InlineData("BitTorrent:ReconnectInterval", "00:00:00", "ReconnectInterval")]
    [InlineData("Waku:Node", "ftp://127.0.0.1", "Waku:Node")]
    [InlineData("Waku:Nod", "http://127.0.0.1", "There is no setting Waku:Nod. Waku has ")]
    public void A_wrong_setting_is_one_line_that_says_what_to_set(string name, string value, string reason)
    {
        var fault = Should.Throw<InvalidOptionsException>(() => ServiceOptions.Read(With((name, value))));

        fault.Faults.ShouldHaveSingleItem().ShouldContain(reason);
        fault.Message.ShouldNotContain(Secret);
    }

    [Fact]
    public void A_listener_for_everybody_is_allowed_with_sign_in_alone() =>
        ServiceOptions.Read(With(("Http:Url", "http://0.0.0.0:8646"), ("Http:RequireApiKey", "true"))).Http.RequireApiKey.ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("broker")]
    [InlineData("http://user:" + Secret + "@broker")]
    public void A_broker_s_address_is_never_repeated_because_it_holds_a_password(string address)
    {
        var fault = Should.Throw<InvalidOptionsException>(() =>
            ServiceOptions.Read(With(("Bus:Transport", "RabbitMq"), ("Bus:Uri", address)))
        );

        fault.Faults.ShouldHaveSingleItem().ShouldContain("amqp://USER:PASSWORD@HOST:PORT/VHOST");
        fault.Message.ShouldNotContain(Secret);
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var settings = With(("Http:Url", "http://0.0.0.0:1"), ("Data:Root", "/nowhere"), ("Work:MaxAttempts", "0"), ("Node:Name", ""));

        Should.Throw<InvalidOptionsException>(() => ServiceOptions.Read(settings)).Faults.Count.ShouldBe(4);
    }

    [Fact]
    public void A_verb_on_the_stores_needs_no_more_than_they_do()
    {
        var settings = With(("Data:Root", "/nowhere"), ("Data:KeyRing", ""), ("Work:Sweep", "soon"));

        ServiceOptions.ReadStores(settings, withKeyRing: false).Postgres.ConnectionString.ShouldNotBeEmpty();
        // Without a key ring of its own a key would be encrypted with one that the service does not have.
        Should
            .Throw<InvalidOptionsException>(() => ServiceOptions.ReadStores(settings, withKeyRing: true))
            .Faults.ShouldHaveSingleItem()
            .ShouldContain("Data:KeyRing");
    }

    private static IConfiguration With(params IEnumerable<(string Name, string Value)> settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Postgres:ConnectionString"] = "Host=127.0.0.1",
            ["Data:Root"] = AppContext.BaseDirectory,
            ["Data:KeyRing"] = "keys",
            // Sections of others are left alone.
            ["Logging:LogLevel:Default"] = "Information",
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(all).Build();
    }
}
