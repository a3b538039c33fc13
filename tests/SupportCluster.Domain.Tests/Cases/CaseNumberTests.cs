using CsCheck;
using SupportCluster.Domain.Cases;
using Xunit;

namespace SupportCluster.Domain.Tests.Cases;

/// <summary>HB-5.6: easily read out and typed without error.</summary>
public sealed class CaseNumberTests
{
    private static readonly Gen<CaseNumber> Numbers = Gen.Select(Gen.Int[1, 9], Gen.Int[0, CaseNumber.MaxSequence], CaseNumber.Of);

    [Theory]
    [InlineData(1, 0, "1000000005")]
    [InlineData(4, 112233, "4001122334")]
    [InlineData(9, 99_999_999, "9999999990")]
    public void A_number_is_the_regions_digit_eight_digits_and_a_check_digit(int region, int sequence, string number) =>
        Assert.Equal(number, CaseNumber.Of(region, sequence).Value);

    [Fact]
    public void Every_number_is_read_back() => Numbers.Sample(n => CaseNumber.TryParse(n.Value, out var read) && read == n);

    [Fact]
    public void Every_wrong_digit_is_found() => Gen.Select(Numbers, Gen.Int[0, 9], Gen.Int[1, 9]).Sample((number, place, by) =>
    {
        var digits = number.Value.ToCharArray();
        digits[place] = (char)('0' + ((digits[place] - '0' + by) % 10));
        return !CaseNumber.TryParse(new string(digits), out _);
    });

    [Fact]
    public void Every_swap_of_neighbours_is_found() => Gen.Select(Numbers, Gen.Int[0, 8]).Sample((number, place) =>
    {
        var digits = number.Value.ToCharArray();
        (digits[place], digits[place + 1]) = (digits[place + 1], digits[place]);
        return digits[place] == digits[place + 1] || !CaseNumber.TryParse(new string(digits), out _);
    });

    [Theory]
    [InlineData("4001122334")]
    [InlineData("4 0011 2233 4")]
    [InlineData("4-0011-2233-4")]
    [InlineData("  400 11 22-334 ")]
    public void Blanks_and_hyphens_do_not_matter(string text)
    {
        Assert.True(CaseNumber.TryParse(text, out var number));
        Assert.Equal("4001122334", number.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   -   ")]
    [InlineData("400112233")]
    [InlineData("40011223344")]
    [InlineData("4001122338")]
    [InlineData("0000000000")]
    [InlineData("400112233A")]
    [InlineData("٤٠٠١١٢٢٣٣٤")]
    [InlineData("4001122334\n")]
    [InlineData("4                                         001122334")]
    public void Anything_else_is_no_number(string? text) => Assert.False(CaseNumber.TryParse(text, out _));

    [Fact]
    public void A_region_digit_and_a_sequence_have_their_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CaseNumber.Of(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => CaseNumber.Of(10, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => CaseNumber.Of(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => CaseNumber.Of(1, CaseNumber.MaxSequence + 1));
        Assert.Throws<FormatException>(() => CaseNumber.Create("4001122338"));
    }
}
