using NodaTime;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using SupportCluster.Domain;

namespace SupportCluster.Server.Hosting;

/// <summary>
/// How domain records travel between grains: as JSON between processes, as they are within one. They are immutable, so a copy would
/// cost and gain nothing. Exceptions travel too, of whatever type: one that could not would reach its caller as a fault of the serializer, which
/// nobody takes for a store that does not answer.
/// </summary>
public sealed class DomainSerialization : IGeneralizedCopier, ITypeFilter
{
    /// <summary>Records of the domain, the grains' messages made of them, and NodaTime's values.</summary>
    public static bool IsOurs(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.Namespace is { } name
            && (name.StartsWith("SupportCluster.Domain", StringComparison.Ordinal) || name.StartsWith("SupportCluster.Grains", StringComparison.Ordinal) || name.StartsWith("NodaTime", StringComparison.Ordinal))
            && !type.IsInterface && !type.IsAssignableTo(typeof(IAddressable)) && !type.IsAssignableTo(typeof(Exception)) && !type.IsAbstract | type == typeof(CalendarSystem)
            && !type.IsDefined(typeof(GenerateSerializerAttribute), false);
    }

    private static bool IsException(Type type) => type.IsAssignableTo(typeof(Exception));

    /// <summary>Registers the JSON codec and the copier that does not copy.</summary>
    public static void Add(ISerializerBuilder serializer)
    {
        serializer.AddJsonSerializer(IsOurs, DomainJson.Stored);
        serializer.Services.AddSingleton<DomainSerialization>();
        serializer.Services.AddSingleton<ITypeFilter>(services => services.GetRequiredService<DomainSerialization>());
        serializer.Services.Configure<ExceptionSerializationOptions>(o => o.SupportedExceptionTypeFilter = IsException);
        serializer.Services.Insert(0, ServiceDescriptor.Singleton<IGeneralizedCopier>(services => services.GetRequiredService<DomainSerialization>()));
    }

    public bool IsSupportedType(Type type) => IsOurs(type);

    public bool? IsTypeAllowed(Type type) => IsOurs(type) || IsException(type) ? true : null;

    public object? DeepCopy(object? input, CopyContext context) => input;
}
