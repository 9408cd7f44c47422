using EventArchive.Commands;

namespace EventArchive.Domain;

/// <summary>
/// What came of an effect, or what a node found. Only this service makes reports, in process: they are no part of the contract, and no transport brings
/// them in. A report that nothing waits for any more changes nothing.
/// </summary>
public interface IReport : ICommand;
