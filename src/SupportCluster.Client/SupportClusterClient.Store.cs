using System.Net.Http.Headers;

namespace SupportCluster.Client;

public sealed partial class SupportClusterClient
{
    /// <summary>Writes a backup of the whole store to a stream. Takes as long as it takes.</summary>
    public async Task Backup(Stream destination, CancellationToken cancellation = default)
    {
        var address = addresses.Present;
        using var response = await SendFile(address, "api/backup", null, cancellation);
        try
        {
            await response.Content.CopyToAsync(destination, cancellation);
        }
        catch (HttpRequestException lost)
        {
            throw Unanswered(lost, address).Failure!;
        }
    }

    /// <summary>Replaces the whole store by a backup; the server restarts on it. Not repeated: a stream can be sent once.</summary>
    public async Task RestoreBackup(Stream backup, CancellationToken cancellation = default)
    {
        using var content = new StreamContent(backup) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var response = await SendFile(addresses.Present, "api/restore", content, cancellation);
    }

    private async Task<HttpResponseMessage> SendFile(Uri address, string path, HttpContent? content, CancellationToken cancellation)
    {
        using var request = await Request(HttpMethod.Post, address, path, key: null, cancellation);
        request.Content = content;
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (Exception lost) when (Lost(lost) && !cancellation.IsCancellationRequested)
        {
            var answer = Unanswered(lost, address);
            throw content is not null && answer.MayHaveArrived ? new OutcomeUnknownException($"POST /{path}", null, lost) : answer.Failure!;
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw Refused(response, await response.Content.ReadAsByteArrayAsync(cancellation)).Failure!;
        }
    }
}
