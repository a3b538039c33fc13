using Microsoft.JSInterop;

namespace SupportCluster.Web.Shared;

/// <summary>Keys that are pressed outside of fields, for whoever works without a mouse. Moving along lists (<c>j</c>, <c>k</c>) and going to the search (<c>/</c>) is the browser's own part.</summary>
public sealed class Keyboard : IDisposable
{
    private DotNetObjectReference<Keyboard>? reference;

    private bool going;

    /// <summary>A key, such as <c>n</c>, <c>?</c> or <c>Escape</c>, or two of them, the first of which is <c>g</c> (go to): <c>g d</c>. Those of modified keys are the browser's.</summary>
    public event Action<string>? Pressed;

    /// <summary>Begins to listen, until the tab is closed; again is no more.</summary>
    public async Task Listen(IJSObjectReference browser)
    {
        ArgumentNullException.ThrowIfNull(browser);
        if (reference is null)
        {
            reference = DotNetObjectReference.Create(this);
            await browser.InvokeVoidAsync("keys", reference);
        }
    }

    [JSInvokable]
    public void Press(string key)
    {
        if (key == "g" && !going)
        {
            going = true;
            return;
        }

        (var pressed, going) = (going ? $"g {key}" : key, false);
        Pressed?.Invoke(pressed);
    }

    public void Dispose() => reference?.Dispose();
}
