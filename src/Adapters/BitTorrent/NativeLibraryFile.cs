using System.Reflection;
using System.Runtime.InteropServices;

namespace EventArchive.BitTorrent;

/// <summary>
/// Finds libeventarchive_torrent.so beside the program, and nowhere else: a library of the same name elsewhere on the machine
/// may be another version's.
/// </summary>
internal static class NativeLibraryFile
{
    public const string Name = "eventarchive_torrent";
    public const string FileName = "libeventarchive_torrent.so";

    private static readonly Lazy<bool> Registered = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraryFile).Assembly, Resolve);
        return true;
    });

    /// <exception cref="TorrentLibraryException">The library is missing, cannot be loaded, or is another version's.</exception>
    public static void Require()
    {
        _ = Registered.Value;
        try
        {
            RequireVersion(Native.ea_abi_version());
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new TorrentLibraryException(
                $"{FileName} cannot be used from {AppContext.BaseDirectory}. Build the program again "
                    + "(apt-get install g++ pkg-config libtorrent-rasterbar-dev), or on a machine that only runs it: apt-get install libtorrent-rasterbar2.0.",
                e
            );
        }
    }

    public static void RequireVersion(int found)
    {
        if (found != Native.AbiVersion)
            throw new TorrentLibraryException(
                $"{FileName} in {AppContext.BaseDirectory} has interface version {found}, this program needs {Native.AbiVersion}. Build both anew."
            );
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        string.Equals(name, Name, StringComparison.Ordinal) ? NativeLibrary.Load(Path.Combine(AppContext.BaseDirectory, FileName)) : 0;
}
