using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain.Cases;

namespace SupportCluster;

/// <summary>One example of any record, every member given, always the same: what a golden file is written from.</summary>
internal static class Example
{
    private static readonly Instant At = Instant.FromUtc(2026, 3, 2, 9, 15);

    /// <summary>All kinds of an event by their discriminator.</summary>
    internal static IEnumerable<(string Discriminator, Type Type)> KindsOf(Type root) =>
        root.GetCustomAttributes<JsonDerivedTypeAttribute>().Select(a => ((string)a.TypeDiscriminator!, a.DerivedType));

    internal static object Of(Type type, string name = "")
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
        {
            return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            var item = type.GetGenericArguments()[0];
            var items = Array.CreateInstance(item, 1);
            items.SetValue(Of(item, name), 0);
            return typeof(ImmutableCollectionsMarshalForTests).GetMethod(nameof(ImmutableCollectionsMarshalForTests.Of), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(item).Invoke(null, [items])!;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() is { } list && (list == typeof(IReadOnlyList<>) || list == typeof(IReadOnlyCollection<>) || list == typeof(IEnumerable<>)))
        {
            var items = Array.CreateInstance(type.GetGenericArguments()[0], 1);
            items.SetValue(Of(type.GetGenericArguments()[0], name), 0);
            return items;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            var items = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(type.GetGenericArguments()))!;
            items.Add(Of(type.GetGenericArguments()[0], name), Of(type.GetGenericArguments()[1], name));
            return items;
        }

        return type switch
        {
            _ when type == typeof(string) => name is "By" ? "eng-aoife" : $"{char.ToLowerInvariant(name[0])}{name[1..]}",
            _ when type == typeof(int) => 3,
            _ when type == typeof(long) => 7L,
            _ when type == typeof(double) => 1.5,
            _ when type == typeof(bool) => true,
            _ when type == typeof(Uri) => new Uri("https://support.example.org/"),
            _ when type == typeof(System.Text.Json.JsonElement) => System.Text.Json.JsonSerializer.SerializeToElement("anything"),
            _ when type == typeof(LocalTime) => new LocalTime(8, 30),
            _ when type == typeof(Guid) => Guid.Parse("01890000-0000-7000-8000-000000000001"),
            _ when type == typeof(Instant) => At,
            _ when type == typeof(Duration) => Duration.FromMinutes(90),
            _ when type == typeof(LocalDate) => new LocalDate(2026, 12, 31),
            _ when type == typeof(CaseNumber) => CaseNumber.Of(4, 112233),
            _ => Make(type),
        };

        static object Make(Type type)
        {
            var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
            return constructor.Invoke([.. constructor.GetParameters().Select(p => Of(p.ParameterType, p.Name!))]);
        }
    }

    private static class ImmutableCollectionsMarshalForTests
    {
        internal static ImmutableArray<T> Of<T>(IEnumerable items) => [.. items.Cast<T>()];
    }
}
