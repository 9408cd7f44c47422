using System.Security.Cryptography;

namespace EventArchive.Testing;

/// <summary>
/// A server's own folder <c>/var/tmp/eventarchive-&lt;id&gt;</c>, mode 0700. It is not below a clone of the repository, because servers that
/// run as their own user cannot enter a clone below a home folder, and the paths of sockets must be short.
/// </summary>
internal sealed record PrivateFolder(string Path, string Id, string? Owner)
{
    private const int IdBytes = 6;

    /// <summary>Makes the folder; when this process is root it belongs to <paramref name="user"/>, otherwise to us.</summary>
    public static async Task<PrivateFolder> Create(string user, CancellationToken cancellation)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var folder = new PrivateFolder($"/var/tmp/eventarchive-{id}", id, Environment.IsPrivilegedProcess ? user : null);
        IEnumerable<string> owner = folder.Owner is null ? [] : ["--owner", folder.Owner, "--group", folder.Owner];
        var made = await ExternalTool.Run("install", ["--directory", "--mode", "0700", .. owner, folder.Path], cancellation);
        return made.ExitCode == 0 ? folder : throw new ServerFailedException($"{folder.Path} could not be made: {made.Error.Trim()}");
    }

    /// <summary>
    /// The command line as the folder's owner. setpriv becomes the program, so its process id is the server's; runuser would stay between
    /// and kill the server two seconds after a signal.
    /// </summary>
    public IEnumerable<string> AsOwner(params IEnumerable<string> command) =>
        Owner is null ? command : ["setpriv", "--reuid", Owner, "--regid", Owner, "--init-groups", "--", .. command];
}
