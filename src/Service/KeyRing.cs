using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EventArchive.Postgres;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EventArchive.Service;

/// <summary>Where the Data Protection key ring is, and what encrypts it.</summary>
public static class KeyRing
{
    /// <exception cref="InvalidOptionsException">The certificate cannot be used.</exception>
    public static void AddKeyRing(this IServiceCollection services, DataOptions options)
    {
        var protection = services.AddDataProtection().SetApplicationName("EventArchive");
        if (options.KeyRing.Length == 0)
            return;
        if (options.KeyRingInPostgres)
            services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(
                management => management.XmlRepository = new PostgresKeyRing(provider.GetRequiredService<NpgsqlDataSource>())
            ));
        else
            protection.PersistKeysToFileSystem(Folder(options.KeyRing));
        if (options.KeyRingCertificate.Length > 0)
            protection.ProtectKeysWithCertificate(Certificate(options));
    }

    private static DirectoryInfo Folder(string path) =>
        OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path)
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>What is wrong with the file is not repeated: it may quote a password.</summary>
    private static X509Certificate2 Certificate(DataOptions options)
    {
        var password = options.KeyRingCertificatePassword.Length > 0 ? options.KeyRingCertificatePassword : null;
        try
        {
            var certificate =
                X509Certificate2.GetCertContentType(options.KeyRingCertificate) == X509ContentType.Pkcs12
                    ? X509CertificateLoader.LoadPkcs12FromFile(options.KeyRingCertificate, password)
                : password is null ? X509Certificate2.CreateFromPemFile(options.KeyRingCertificate)
                : X509Certificate2.CreateFromEncryptedPemFile(options.KeyRingCertificate, password);
            if (certificate.GetRSAPrivateKey() is not null)
                return certificate;
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            // Told below.
        }
        throw new InvalidOptionsException([
            $"Data:KeyRingCertificate is '{options.KeyRingCertificate}', which cannot be read as a PEM or PFX file with a certificate and its RSA "
                + "private key: check the file, who may read it, and Data:KeyRingCertificatePassword.",
        ]);
    }
}
