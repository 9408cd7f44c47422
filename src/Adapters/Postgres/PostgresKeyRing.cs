using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// The Data Protection key ring in <c>ea_key_ring</c>, shared by all nodes. It must be encrypted before it comes here: whoever has the database
/// would otherwise have every key in it.
/// </summary>
public sealed class PostgresKeyRing(NpgsqlDataSource source) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = source.CreateCommand("select element from ea_key_ring order by made_at, name");
        using var reader = command.ExecuteReader();
        List<XElement> elements = [];
        while (reader.Read())
            elements.Add(XElement.Parse(reader.GetString(0)));
        return elements;
    }

    /// <exception cref="InvalidOperationException">It holds a key in the clear.</exception>
    public void StoreElement(XElement element, string friendlyName)
    {
        if (element.Name == "key" && element.Descendants().All(part => part.Name.LocalName != "encryptedSecret"))
            throw new InvalidOperationException(
                "The key ring is not encrypted: set Data:KeyRingCertificate, or keep the ring in a folder."
            );
        // An element is written once and never changed.
        using var command = source.CreateCommand("insert into ea_key_ring (name, element) values ($1, $2) on conflict (name) do nothing");
        command.Parameters.Add(new() { Value = friendlyName });
        command.Parameters.Add(new() { Value = element.ToString(SaveOptions.DisableFormatting) });
        command.ExecuteNonQuery();
    }
}
