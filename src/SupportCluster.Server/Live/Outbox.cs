namespace SupportCluster.Server.Live;

/// <summary>
/// A connection's queue of frames with its one writer, so that a reader who is slow delays nobody else and costs a bounded number of
/// bytes. While nothing waits, a frame is written by whoever brings it, and costs no more than SignalR's own sending. When the queue is full
/// it is cleared; every watch that lost frames gets one reset with its present state when there is room again.
/// </summary>
/// <param name="send">Writes a frame to the connection; completes when there is room for the next. Called under the mailbox's lock: it calls nobody back.</param>
/// <param name="abort">Ends the connection when writing failed: a reader who misses a frame must notice.</param>
/// <param name="limit">Bytes of JSON that may wait; one frame may be larger.</param>
internal sealed class Outbox(Func<FrameMessage, ValueTask> send, Action<Exception> abort, int limit, LiveGuards guards = LiveGuards.All)
{
    private readonly Lock gate = new();
    private Queue<TopicWatch>? lost;
    private Queue<(TopicWatch Watch, FrameMessage Frame)>? queue;
    private int bytes;
    private bool writing;
    private bool closed;
    private TopicWatch? sending;
    private TaskCompletionSource? sent;

    /// <summary>Bytes that wait.</summary>
    public int Bytes
    {
        get
        {
            lock (gate)
            {
                return bytes;
            }
        }
    }

    /// <summary>Writes a frame, or queues it behind others; thrown away when its watch waits for a reset anyway.</summary>
    public void Add(TopicWatch watch, FrameMessage frame)
    {
        lock (gate)
        {
            if (closed || watch.Ended || watch.Lost)
            {
                return;
            }

            if (writing)
            {
                Enqueue(watch, frame);
                return;
            }

            (writing, sending) = (true, watch);
        }

        var written = Send(frame);
        if (!written.IsCompletedSuccessfully)
        {
            _ = Task.Run(async () =>
            {
                await Finish(written);
                await WriteWaiting();
            });
        }
        else if (MoreAfter(written))
        {
            _ = Task.Run(WriteWaiting);
        }
    }

    /// <summary>Ends the waiting for a reset, which is queued whatever its size.</summary>
    public void Restart(TopicWatch watch, IReadOnlyList<FrameMessage> frames)
    {
        lock (gate)
        {
            watch.Lost = false;
            if (!closed && !watch.Ended)
            {
                foreach (var frame in frames)
                {
                    Put(watch, frame);
                }
            }
        }
    }

    /// <summary>Takes out whatever waits for a watch; completes when nothing of it is being written either.</summary>
    public Task End(TopicWatch watch)
    {
        lock (gate)
        {
            if (!guards.HasFlag(LiveGuards.Final))
            {
                return Task.CompletedTask;
            }

            watch.Ended = true;
            if (queue is not null)
            {
                queue = new(queue.Where(item => item.Watch != watch));
                bytes = queue.Sum(item => item.Frame.Size);
            }

            return sending == watch ? (sent ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
        }
    }

    /// <summary>The connection has gone.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            queue = null;
            lost = null;
            bytes = 0;
        }
    }

    private void Enqueue(TopicWatch watch, FrameMessage frame)
    {
        if (queue is { Count: > 0 } && bytes + frame.Size > limit)
        {
            foreach (var (other, _) in queue)
            {
                Lose(other);
            }

            queue.Clear();
            bytes = 0;
            Lose(watch);
        }
        else
        {
            Put(watch, frame);
        }
    }

    private void Put(TopicWatch watch, FrameMessage frame)
    {
        (queue ??= new()).Enqueue((watch, frame));
        bytes += frame.Size;
    }

    private void Lose(TopicWatch watch)
    {
        if (!watch.Lost && guards.HasFlag(LiveGuards.Reset))
        {
            watch.Lost = true;
            (lost ??= new()).Enqueue(watch);
        }
    }

    private ValueTask Send(FrameMessage frame)
    {
        try
        {
            return send(frame);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return ValueTask.FromException(e);
        }
    }

    /// <summary>Ends a write that is done; whether more has come meanwhile, for which there is still one writer then.</summary>
    private bool MoreAfter(ValueTask written)
    {
        written.GetAwaiter().GetResult();
        lock (gate)
        {
            Written();
            writing = queue is { Count: > 0 } || lost is { Count: > 0 };
            if (!writing)
            {
                // A queue that was needed once need not be kept for ever: most connections are idle.
                (queue, lost) = (null, null);
            }

            return writing;
        }
    }

    private void Written()
    {
        sending = null;
        sent?.SetResult();
        sent = null;
    }

    private async Task WriteWaiting()
    {
        while (true)
        {
            TopicWatch? recover = null;
            FrameMessage? frame = null;
            lock (gate)
            {
                if (lost is { Count: > 0 } && bytes <= limit / 2)
                {
                    // Below, outside the lock: a mailbox is locked before an outbox, never the other way round.
                    recover = lost.Dequeue();
                }
                else if (queue is { Count: > 0 })
                {
                    (sending, frame) = queue.Dequeue();
                    bytes -= frame.Size;
                }
                else
                {
                    (writing, queue, lost) = (false, null, null);
                    return;
                }
            }

            if (frame is null)
            {
                recover!.Mailbox.Recover(recover);
            }
            else
            {
                await Finish(Send(frame));
            }
        }
    }

    private async Task Finish(ValueTask write)
    {
        try
        {
            await write;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Close();
            abort(e);
        }

        lock (gate)
        {
            Written();
        }
    }
}
