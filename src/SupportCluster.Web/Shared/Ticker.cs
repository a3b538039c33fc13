using NodaTime;

namespace SupportCluster.Web.Shared;

/// <summary>Tells everything on the page that shows time that a second has passed: one timer for all of it.</summary>
public sealed class Ticker : IDisposable
{
    private readonly TimeProvider time;
    private readonly ITimer timer;

    public Ticker(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        this.time = time;
        timer = time.CreateTimer(_ => Ticked?.Invoke(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Once a second.</summary>
    public event Action? Ticked;

    /// <summary>The server's clock, as well as it is known.</summary>
    public Instant Now => Instant.FromDateTimeOffset(time.GetUtcNow());

    public void Dispose() => timer.Dispose();
}
