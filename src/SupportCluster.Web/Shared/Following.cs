using Microsoft.AspNetCore.Components;
using NodaTime;
using SupportCluster.Client;
using SupportCluster.Client.Live;
using SupportCluster.Web.SignIn;

namespace SupportCluster.Web.Shared;

/// <summary>A page that follows topics: each until the page is left or follows another one in its place.</summary>
public abstract class Following : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource left = new();

    [Inject]
    protected LiveClient Live { get; set; } = null!;

    [Inject]
    protected Session Session { get; set; } = null!;

    [Inject]
    protected Ticker Ticker { get; set; } = null!;

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Left => left.Token;

    /// <summary>Since when what is shown may be old; null while it is current. Of several topics the earliest.</summary>
    protected Instant? StaleSince => stale.Count == 0 ? null : stale.Values.Min();

    /// <summary>Why a topic is not shown.</summary>
    protected string? Refused { get; private set; }

    /// <summary>Whether that is because the sign-in was revoked.</summary>
    protected bool Revoked { get; private set; }

    private readonly Dictionary<string, Instant> stale = [];

    /// <summary>What is being read, and whether it is wanted once more.</summary>
    private readonly Dictionary<string, bool> rereading = [];

    /// <summary>Follows a topic in the background, and draws the page anew after each of its updates.</summary>
    /// <param name="name">Names the topic among those of the page.</param>
    /// <param name="took">Takes an update.</param>
    protected void Follow<T>(string name, Func<CancellationToken, IAsyncEnumerable<T>> watch, Func<T, Instant?> took, CancellationToken until = default) =>
        _ = Go(name, watch, took, until);

    /// <summary>
    /// Reads something beside the topics: one reading of a name at a time, and once more when it is asked for meanwhile, so that an older answer never comes after a newer one.
    /// What fails is asked for again by the next update.
    /// </summary>
    protected async Task Reread(string name, Func<Task> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (!rereading.TryAdd(name, false))
        {
            rereading[name] = true;
            return;
        }

        try
        {
            do
            {
                rereading[name] = false;
                await read();
                StateHasChanged();
            }
            while (rereading[name]);
        }
        catch (Exception e) when (e is SupportClusterException or OperationCanceledException)
        {
            // The next update asks again.
        }
        finally
        {
            rereading.Remove(name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await left.CancelAsync();
        left.Dispose();
        Leave();
        GC.SuppressFinalize(this);
    }

    /// <summary>The page is left.</summary>
    protected virtual void Leave()
    {
    }

    private async Task Go<T>(string name, Func<CancellationToken, IAsyncEnumerable<T>> watch, Func<T, Instant?> took, CancellationToken until)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(left.Token, until);
        try
        {
            await foreach (var update in watch(both.Token))
            {
                if (both.IsCancellationRequested)
                {
                    return;
                }

                if (took(update) is { } since)
                {
                    stale.TryAdd(name, since);
                }
                else
                {
                    stale.Remove(name);
                }

                await InvokeAsync(StateHasChanged);
            }
        }
        catch (OperationCanceledException)
        {
            stale.Remove(name);
        }
        catch (WatchRefusedException e)
        {
            (Refused, Revoked) = (e.Message, e.Code == WatchRefusedException.SignInRevoked);
            Session.Notice(e);
            await InvokeAsync(StateHasChanged);
        }
    }
}
