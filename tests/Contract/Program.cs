using System.Globalization;
using EventArchive.Tests.Contract;
using Xunit.Runner.InProc.SystemConsole;

// The runner of the tests; or one cut, whose process a test measures.
return args is [CutProcess.Name, var root, var weeks, var encrypted]
    ? await CutProcess.Run(root, int.Parse(weeks, CultureInfo.InvariantCulture), bool.Parse(encrypted))
    : await ConsoleRunner.Run(args);
