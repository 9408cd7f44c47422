namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>RC4, less its first 1,024 bytes, as message stream encryption uses it.</summary>
public sealed class Rc4
{
    private readonly byte[] state = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
    private byte i;
    private byte j;

    public Rc4(byte[] key)
    {
        byte swap = 0;
        for (var at = 0; at < 256; at++)
        {
            swap += (byte)(state[at] + key[at % key.Length]);
            (state[at], state[swap]) = (state[swap], state[at]);
        }
        Apply(new byte[1024]);
    }

    public void Apply(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length; at++)
        {
            j += state[++i];
            (state[i], state[j]) = (state[j], state[i]);
            bytes[at] ^= state[(byte)(state[i] + state[j])];
        }
    }
}
