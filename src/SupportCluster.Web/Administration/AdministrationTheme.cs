using Microsoft.JSInterop;
using MudBlazor;

namespace SupportCluster.Web.Administration;

/// <summary>MudBlazor in the language of <c>tokens.css</c>: its colours are those that the browser has computed of the tokens, light or dark.</summary>
internal static class AdministrationTheme
{
    private static readonly string[] Names = ["ground", "surface", "line", "text", "muted", "accent", "accent-text", "good", "warn", "bad", "track"];

    internal static async Task<MudTheme> Read(IJSObjectReference browser)
    {
        var values = await browser.InvokeAsync<string[]>("tokens", (object)Names);
        string Of(string name) => values[Array.IndexOf(Names, name)];
        var palette = new PaletteLight
        {
            Primary = Of("accent"),
            PrimaryContrastText = Of("accent-text"),
            Secondary = Of("muted"),
            SecondaryContrastText = Of("surface"),
            Info = Of("accent"),
            InfoContrastText = Of("accent-text"),
            Success = Of("good"),
            SuccessContrastText = Of("accent-text"),
            Warning = Of("warn"),
            WarningContrastText = Of("accent-text"),
            Error = Of("bad"),
            ErrorContrastText = Of("accent-text"),
            Dark = Of("text"),
            DarkContrastText = Of("surface"),
            TextPrimary = Of("text"),
            TextSecondary = Of("muted"),
            TextDisabled = Of("muted"),
            ActionDefault = Of("muted"),
            ActionDisabled = Of("muted"),
            ActionDisabledBackground = Of("track"),
            Background = Of("ground"),
            BackgroundGray = Of("track"),
            Surface = Of("surface"),
            LinesDefault = Of("line"),
            LinesInputs = Of("muted"),
            TableLines = Of("line"),
            TableStriped = Of("track"),
            TableHover = Of("track"),
            Divider = Of("line"),
            DividerLight = Of("line"),
            Skeleton = Of("track"),
        };
        return new()
        {
            PaletteLight = palette,
            LayoutProperties = new() { DefaultBorderRadius = ".5rem" },
            Typography = new()
            {
                Default = new DefaultTypography { FontFamily = ["var(--font)"], FontSize = "1rem", LineHeight = "1.5", LetterSpacing = "normal" },
                Button = new ButtonTypography { FontFamily = ["var(--font)"], FontWeight = "550", TextTransform = "none", LetterSpacing = "normal" },
                Body1 = new Body1Typography { FontFamily = ["var(--font)"], LetterSpacing = "normal" },
                Body2 = new Body2Typography { FontFamily = ["var(--font)"], FontSize = ".9375rem", LetterSpacing = "normal" },
                Caption = new CaptionTypography { FontFamily = ["var(--font)"], LetterSpacing = "normal" },
                Subtitle1 = new Subtitle1Typography { FontFamily = ["var(--font)"], LetterSpacing = "normal" },
            },
        };
    }
}
