namespace EventArchive.Events;

/// <summary>Why a magnetlink was left unheeded. Stored as a number: new reasons go to the end.</summary>
public enum IgnoredBecause
{
    /// <summary>A message with a higher clock was known already.</summary>
    OlderClock = 0,

    /// <summary>Another magnet with the same clock came first.</summary>
    ClockUsedTwice = 1,

    /// <summary>The clock is more than a day ahead; heeding it would silence the community until then.</summary>
    ClockTooFarAhead = 2,

    /// <summary>This is the control node; it does not follow itself. Its next clock will be higher than this one.</summary>
    OwnMessage = 3,
}
