using System.Globalization;

namespace EventArchive.Service;

/// <summary>Bytes and rates for people, in the units of drives and networks: 1 MB is 1,000,000 bytes.</summary>
internal static class TransferText
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    public static string Bytes(double bytes)
    {
        var unit = 0;
        for (; bytes >= 999.5 && unit < Units.Length - 1; unit++)
            bytes /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.#} {Units[unit]}");
    }

    public static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    public static string Rate(long bytes, TimeSpan during) => $"{Bytes(bytes / Math.Max(during.TotalSeconds, 0.001))}/s";
}
