using EventArchive.Model;

namespace EventArchive.Commands;

/// <summary>A wish concerning one community. Its message id on the bus is what makes it happen once.</summary>
public interface ICommand
{
    CommunityId CommunityId { get; }
}
