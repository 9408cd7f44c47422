using System.Runtime.InteropServices;
using EventArchive.Launcher;
using EventArchive.Testing;

var bundled = Repository.File("infra", "messages", "community.json");
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    var options = Options.Parse(args, bundled);
    // A file that cannot serve is refused before anything is started.
    var file = options.ServeOnly ? null : MessageFile.Read(options.MessageFile);
    await using var local = await LocalDeployment.Start(options, stop.Token);
    if (file is null)
        await local.ServeUntilStopped(stop.Token);
    else
        await new MainLine(local, options, file).Run(stop.Token);
    return 0;
}
catch (ArgumentException fault)
{
    return Fail(fault.Message);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return Fail("stopped");
}
catch (Exception fault)
    when (fault is ServerFailedException or RunFailedException or HttpRequestException or TimeoutException or TaskCanceledException)
{
    return Fail($"{fault.Message}\nLogs: {LocalDeployment.LogFolder}");
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

static int Fail(string reason)
{
    Console.Error.WriteLine($"run: {reason}");
    return 1;
}
