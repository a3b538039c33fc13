using Microsoft.AspNetCore.Components;
using SupportCluster.Client;
using SupportCluster.Web.SignIn;

namespace SupportCluster.Web.Administration;

/// <summary>A page that shows what it reads from the server: loading, refused or there.</summary>
public abstract class Loading : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource left = new();

    [Inject]
    protected SupportClusterClient Client { get; set; } = null!;

    [Inject]
    protected Session Session { get; set; } = null!;

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Left => left.Token;

    /// <summary>Whether something is being read.</summary>
    protected bool IsReading { get; private set; } = true;

    /// <summary>Why it is not there, for a <see cref="RefusedHere"/>.</summary>
    protected Refusal? NotRead { get; private set; }

    /// <summary>Reads; what the server refuses is kept for the page to show.</summary>
    protected async Task Read(Func<Task> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        (IsReading, NotRead) = (true, null);
        try
        {
            await read();
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // The page is left.
        }
        catch (Exception e) when (Refusal.Of(e) is { } why)
        {
            NotRead = why;
        }
        finally
        {
            IsReading = false;
        }
    }

    public void Dispose()
    {
        left.Cancel();
        left.Dispose();
        Leave();
        GC.SuppressFinalize(this);
    }

    /// <summary>The page is left.</summary>
    protected virtual void Leave()
    {
    }
}
