using Microsoft.AspNetCore.Components;

namespace SupportCluster.Web.Shared;

/// <summary>A part of a page that shows time: drawn anew once a second.</summary>
public abstract class Ticking : ComponentBase, IDisposable
{
    [Inject]
    protected Ticker Ticker { get; set; } = null!;

    /// <summary>Whether the passing of time changes anything at present.</summary>
    protected virtual bool Runs => true;

    protected override void OnInitialized() => Ticker.Ticked += Draw;

    public void Dispose()
    {
        Ticker.Ticked -= Draw;
        GC.SuppressFinalize(this);
    }

    private void Draw()
    {
        if (Runs)
        {
            _ = InvokeAsync(StateHasChanged);
        }
    }
}
