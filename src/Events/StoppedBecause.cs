namespace EventArchive.Events;

/// <summary>Why a node stopped. Stored as a number: new reasons go to the end.</summary>
public enum StoppedBecause
{
    /// <summary>The node was taken out of the deployment, and its files with it.</summary>
    NodeRetired = 0,

    /// <summary>The node is no seeder any more and has the files still; another serves them.</summary>
    TakenOver = 1,
}
