using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace EventArchive.Tests.Contract;

/// <summary>
/// A line to PostgreSQL that can be cut at a chosen statement, once: before the server has it, or after the server has answered it and
/// before the client hears of that.
/// </summary>
public sealed class CuttableLine : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly IPEndPoint server;
    private readonly Task accepting;
    private string? cutBefore;
    private string? cutAnswerTo;
    private int cuts;

    public CuttableLine(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        server = new IPEndPoint(IPAddress.Loopback, settings.Port);
        listener.Start();
        settings.Host = "127.0.0.1";
        settings.Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        settings.SslMode = SslMode.Disable;
        // A statement that is prepared would no longer be sent as text.
        settings.MaxAutoPrepare = 0;
        ConnectionString = settings.ConnectionString;
        accepting = Accept();
    }

    public string ConnectionString { get; }

    public int Cuts => cuts;

    public void CutBefore(string statement) => cutBefore = statement;

    public void CutTheAnswerTo(string statement) => cutAnswerTo = statement;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task Accept()
    {
        List<Task> lines = [];
        try
        {
            while (true)
                lines.Add(Carry(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task Carry(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        await far.ConnectAsync(server, stop.Token);
        var answerIsCut = false;
        var there = Copy(near, far, text => Meets(ref cutBefore, text), text => answerIsCut |= Meets(ref cutAnswerTo, text));
        var back = Copy(far, near, _ => answerIsCut, _ => { });
        await Task.WhenAny(there, back);
        near.Close();
        far.Close();
        await Task.WhenAll(there, back);
    }

    private async Task Copy(TcpClient from, TcpClient to, Func<string, bool> cut, Action<string> look)
    {
        var buffer = new byte[65_536];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, stop.Token) is var count and > 0)
            {
                var text = Encoding.Latin1.GetString(buffer, 0, count);
                look(text);
                if (cut(text))
                {
                    Interlocked.Increment(ref cuts);
                    return;
                }
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), stop.Token);
            }
        }
        catch (Exception fault)
            when (fault is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The line is down.
        }
    }

    private static bool Meets(ref string? statement, string text)
    {
        if (statement is null || !text.Contains(statement, StringComparison.Ordinal))
            return false;
        statement = null;
        return true;
    }
}
