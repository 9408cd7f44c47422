using System.Net;
using System.Text;

namespace EventArchive.Waku;

/// <summary>What a node answered.</summary>
internal sealed record NodeAnswer(HttpStatusCode Status, byte[] Body)
{
    private const int MaxReasonCharacters = 200;

    /// <summary>A page for people is what a proxy or another server answers: nothing was accepted there.</summary>
    public bool IsOk => Status == HttpStatusCode.OK && (Body.Length == 0 || Body[0] != '<');

    public bool IsPassing => Status is HttpStatusCode.TooManyRequests || (int)Status >= 500;

    public bool IsNotSubscribed =>
        Status == HttpStatusCode.BadRequest && Reason.Contains("not subscribed", StringComparison.OrdinalIgnoreCase);

    /// <summary>The start of the body, on one line.</summary>
    public string Reason
    {
        get
        {
            var text = Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 4 * MaxReasonCharacters)));
            var line = new string([.. text.Take(MaxReasonCharacters).Select(sign => char.IsControl(sign) ? ' ' : sign)]);
            return line.Trim().TrimEnd('.');
        }
    }
}
