using EventArchive.Model;
using FluentValidation;

namespace EventArchive.Commands;

/// <summary>
/// Hands in a magnetlink message as the community signed it. Clock and magnet are read from the signed bytes and from nowhere else;
/// a message signed by another key is refused. Answered by MagnetlinkReceived or MagnetlinkIgnored.
/// </summary>
/// <param name="SignedMessage">The ApplicationMetadataMessage of type 43, at most 16 KiB.</param>
public sealed record ReceiveMagnetlink(CommunityId CommunityId, byte[] SignedMessage) : ICommand;

public sealed class ReceiveMagnetlinkValidator : AbstractValidator<ReceiveMagnetlink>
{
    public const int MaxMessageBytes = 16 * 1024;

    public ReceiveMagnetlinkValidator()
    {
        RuleFor(command => command.CommunityId).NotNull();
        RuleFor(command => command.SignedMessage)
            .NotEmpty()
            .Must(message => message is null || message.Length <= MaxMessageBytes)
            .WithMessage($"A magnetlink message has at most {MaxMessageBytes} bytes.");
    }
}
