namespace EventArchive.Events;

/// <summary>Why an announcement was asked for. Stored as a number: new reasons go to the end.</summary>
public enum AnnouncementReason
{
    /// <summary>The torrent's first seeder confirmed.</summary>
    FirstSeeding = 0,

    /// <summary>AnnounceArchive, from another service or from the schedule.</summary>
    Command = 1,
}
