namespace EventArchive.Waku;

/// <summary>Where padding and nonces come from. Outside tests: <see cref="System.Security.Cryptography.RandomNumberGenerator.Fill"/>.</summary>
public delegate void FillRandom(Span<byte> bytes);
