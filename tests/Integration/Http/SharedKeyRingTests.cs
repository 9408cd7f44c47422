using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>The keys that encrypt the communities' keys, in the database under a certificate.</summary>
[Collection(ServicePair.Collection)]
public sealed class SharedKeyRingTests(ServicePair pair) : IDisposable
{
    private const string Password = "correct horse";

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("pem", "")]
    [InlineData("pem", "sesame")]
    [InlineData("pfx", "sesame")]
    public async Task A_key_ring_in_Postgres_serves_whoever_has_the_certificate_and_nobody_else(string form, string password)
    {
        var key = Convert.ToHexString(RandomNumberGenerator.GetBytes(CommunityKey.PrivateKeyBytes));
        var settings = await pair.NewSettings($"ring {form}{password}", pair.OwnerSettings.Waku, Cancellation);
        var first = With("first");
        var other = With("other") with { Folder = folder.Sub("elsewhere") };
        (await Run(first, null, "db", "apply")).Code.ShouldBe(0);
        var imported = await Run(first, key, "keys", "import", "--json");
        imported.Code.ShouldBe(0, imported.Error);
        var community = JsonDocument.Parse(imported.Output).RootElement.GetProperty("communityId").GetString()!;

        var elsewhere = first with { Folder = folder.Sub("elsewhere") };
        var exported = await Run(elsewhere, Password, "keys", "export", community, "--out", Path.Combine(folder.Path, "one.json"));
        var refused = await Run(other, Password, "keys", "export", community, "--out", Path.Combine(folder.Path, "two.json"));

        exported.Code.ShouldBe(0, exported.Error);
        refused.Code.ShouldBe(1);
        refused.Error.ShouldContain("cannot be decrypted");
        var unreadable = first with
        {
            More = new Dictionary<string, string>(first.More!) { ["Data__KeyRingCertificate"] = pair.MessageFile },
        };
        var bad = await Run(unreadable, key, "keys", "import");
        (bad.Code, bad.Error.Contains("Data:KeyRingCertificatePassword")).ShouldBe((2, true), bad.Error);

        ServiceNodeSettings With(string name) =>
            settings with
            {
                More = new Dictionary<string, string>
                {
                    ["Data__KeyRing"] = "Postgres",
                    ["Data__KeyRingCertificate"] = Certificate(Path.Combine(folder.Path, $"{name}.{form}"), password),
                    ["Data__KeyRingCertificatePassword"] = password,
                },
            };

        static async Task<(int Code, string Output, string Error)> Run(
            ServiceNodeSettings node,
            string? input,
            params string[] arguments
        ) => await ServiceNode.Run(node, arguments, input, Cancellation);
    }

    private static string Certificate(string path, string password)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=key ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(40), DateTimeOffset.UnixEpoch.AddYears(90));
        if (path.EndsWith("pfx", StringComparison.Ordinal))
            File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, password));
        else
            File.WriteAllText(
                path,
                certificate.ExportCertificatePem()
                    + "\n"
                    + (
                        password.Length == 0
                            ? key.ExportPkcs8PrivateKeyPem()
                            : key.ExportEncryptedPkcs8PrivateKeyPem(
                                password,
                                new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)
                            )
                    )
            );
        return path;
    }
}
