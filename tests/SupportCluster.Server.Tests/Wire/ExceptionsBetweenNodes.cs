using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using SupportCluster.Server.Hosting;
using SupportCluster.Storage;

namespace SupportCluster.Server.Tests.Wire;

/// <summary>A grain on another node fails as one on this node does: the caller is told the same.</summary>
public sealed class ExceptionsBetweenNodes
{
    [Fact]
    public void A_store_that_does_not_answer_is_the_same_on_another_node()
    {
        using var services = new ServiceCollection().AddSerializer(DomainSerialization.Add).BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer<Exception>>();
        var thrown = new StoreException(StoreProblem.Unreachable, "PostgreSQL does not answer.", new Npgsql.NpgsqlException("Exception while reading from stream", new IOException("reset")));

        var caught = serializer.Deserialize(serializer.SerializeToArray(thrown));

        Assert.IsType<StoreException>(caught);
        Assert.Equal(thrown.Message, caught.Message);
        Assert.Equal("reset", caught.InnerException?.InnerException?.Message);
    }
}
