using System.Reflection;
using EventArchive.Service;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit;

public sealed class LogEventIdsTests
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    [Fact]
    public void No_two_log_lines_have_one_event_id_so_that_an_operator_can_filter_by_it()
    {
        var lines = Assemblies()
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(Any | BindingFlags.DeclaredOnly))
            .Select(method =>
                (Id: method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId, Name: $"{method.DeclaringType}.{method.Name}")
            )
            .Where(line => line.Id is not null)
            .ToLookup(line => line.Id, line => line.Name);

        lines.Count.ShouldBeGreaterThan(50, "The search for log lines sees something.");
        lines.Where(names => names.Count() > 1).SelectMany(names => names.Select(name => $"{names.Key} {name}")).ShouldBeEmpty();
    }

    private static IEnumerable<Assembly> Assemblies()
    {
        var service = typeof(KeysApi).Assembly;
        return service
            .GetReferencedAssemblies()
            .Where(name => name.Name!.StartsWith("EventArchive."))
            .Select(Assembly.Load)
            .Prepend(service);
    }
}
