using System.Runtime.InteropServices;
using SupportCluster.Protocol.Live;

namespace SupportCluster.Server.Live;

/// <summary>
/// A connection's queue of frames with its one writer, so that a reader who is slow delays nobody else and costs a bounded number of
/// bytes. When the queue is full it is cleared; every watch that lost frames gets one reset with its present state when there is room again.
/// </summary>
/// <param name="send">Writes a frame to the connection; completes when there is room for the next.</param>
/// <param name="abort">Ends the connection when writing failed: a reader who misses a frame must notice.</param>
/// <param name="limit">Bytes of JSON that may wait; one frame may be larger.</param>
internal sealed class Outbox(Func<Frame, Task> send, Action<Exception> abort, int limit, LiveGuards guards = LiveGuards.All)
{
    private readonly Lock gate = new();
    private readonly Queue<TopicWatch> lost = [];
    private Queue<(TopicWatch Watch, Frame Frame, int Bytes)> queue = [];
    private int bytes;
    private bool writing;
    private bool closed;
    private TopicWatch? sending;
    private Task sent = Task.CompletedTask;

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

    /// <summary>Queues a frame; thrown away when its watch waits for a reset anyway.</summary>
    public void Add(TopicWatch watch, Frame frame)
    {
        lock (gate)
        {
            if (closed || watch.Ended || watch.Lost)
            {
                return;
            }

            var size = Size(frame);
            if (queue.Count > 0 && bytes + size > limit)
            {
                foreach (var (other, _, _) in queue)
                {
                    Lose(other);
                }

                queue.Clear();
                bytes = 0;
                Lose(watch);
            }
            else
            {
                Put(watch, frame, size);
            }

            Start();
        }
    }

    /// <summary>Ends the waiting for a reset, which is queued whatever its size.</summary>
    public void Restart(TopicWatch watch, IReadOnlyList<Frame> frames)
    {
        lock (gate)
        {
            watch.Lost = false;
            if (!closed && !watch.Ended)
            {
                foreach (var frame in frames)
                {
                    Put(watch, frame with { Topic = watch.Topic }, Size(frame));
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
            queue = new Queue<(TopicWatch, Frame, int)>(queue.Where(item => item.Watch != watch));
            bytes = queue.Sum(item => item.Bytes);
            return sending == watch ? sent : Task.CompletedTask;
        }
    }

    /// <summary>The connection has gone.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            queue.Clear();
            lost.Clear();
            bytes = 0;
        }
    }

    private static int Size(Frame frame) => 200 + frame switch
    {
        Frame.Snapshot snapshot => JsonMarshal.GetRawUtf8Value(snapshot.View).Length,
        Frame.Change change => JsonMarshal.GetRawUtf8Value(change.Changes).Length + (change.View is { } view ? JsonMarshal.GetRawUtf8Value(view).Length : 0),
        _ => 0,
    };

    private void Put(TopicWatch watch, Frame frame, int size)
    {
        queue.Enqueue((watch, frame, size));
        bytes += size;
    }

    private void Lose(TopicWatch watch)
    {
        if (!watch.Lost && guards.HasFlag(LiveGuards.Reset))
        {
            watch.Lost = true;
            lost.Enqueue(watch);
        }
    }

    private void Start()
    {
        if (!writing)
        {
            writing = true;
            _ = Task.Run(Write);
        }
    }

    private async Task Write()
    {
        while (true)
        {
            TopicWatch? recover = null;
            Frame? frame = null;
            TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (gate)
            {
                if (bytes <= limit / 2 && lost.TryDequeue(out recover))
                {
                    // Below, outside the lock: a mailbox is locked before an outbox, never the other way round.
                }
                else if (queue.TryDequeue(out var item))
                {
                    bytes -= item.Bytes;
                    frame = item.Frame;
                    sending = item.Watch;
                    sent = done.Task;
                }
                else
                {
                    writing = false;
                    return;
                }
            }

            if (frame is null)
            {
                recover!.Mailbox.Recover(recover);
                continue;
            }

            try
            {
                await send(frame);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Close();
                abort(e);
            }

            lock (gate)
            {
                sending = null;
            }

            done.SetResult();
        }
    }
}
