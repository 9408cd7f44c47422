using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EventArchive.Postgres;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class KeyRingTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Purpose = "test";

    private TestDatabase database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => database = await postgres.Create(Cancel);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task What_one_node_encrypts_another_with_the_certificate_decrypts_and_nobody_without_it()
    {
        using var certificate = NewCertificate();
        using var others = NewCertificate();
        byte[] secret = [1, 2, 3, 4, 5, 6, 7, 8];

        var protectedSecret = Protector(certificate).Protect(secret);

        Protector(certificate).Unprotect(protectedSecret).ShouldBe(secret);
        Should.Throw<CryptographicException>(() => Protector(others).Unprotect(protectedSecret));
        var element = await database.Scalar<string>("select element from ea_key_ring limit 1", Cancel);
        element.ShouldContain("encryptedSecret");
        element.ShouldNotContain("masterKey");
    }

    [Fact]
    public async Task A_ring_in_clear_is_refused_because_whoever_has_the_database_would_have_every_key()
    {
        Should.Throw<Exception>(() => Protector(certificate: null).Protect([1])).ToString().ShouldContain("KeyRingCertificate");

        (await database.Scalar<long>("select count(*) from ea_key_ring", Cancel)).ShouldBe(0);
    }

    private IDataProtector Protector(X509Certificate2? certificate)
    {
        var services = new ServiceCollection();
        var protection = services.AddDataProtection().SetApplicationName("EventArchive");
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = new PostgresKeyRing(database.Source));
        if (certificate is not null)
            protection.ProtectKeysWithCertificate(certificate);
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>().CreateProtector(Purpose);
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=key ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(40), DateTimeOffset.UnixEpoch.AddYears(90));
    }
}
