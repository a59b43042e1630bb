/** Bytes handed over at once. */
const BUFFER_BYTES = 256 * 1024;

/** Buffers that are on their way to the thread or back. */
const MOST_BUFFERS = 4;

/**
 * The few buffers in which bytes travel to a thread and come back empty. New ones for every chunk would wait for the
 * garbage collectors of two threads, a hundred megabytes of them.
 */
export class InputBuffers {
  private readonly idle: ArrayBuffer[] = [];
  private made = 0;
  private closed = false;
  private wake: () => void = () => undefined;

  /** Takes back a buffer that the thread has read. */
  giveBack(buffer: ArrayBuffer): void {
    this.idle.push(buffer);
    this.wake();
  }

  /** Nobody reads on: `fill` ends. */
  close(): void {
    this.closed = true;
    this.wake();
  }

  /** The bytes of all chunks, in buffers that are full but for the last; each is to be given away before the next. */
  async *fill(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    let bytes: Uint8Array<ArrayBuffer> | undefined;
    let filled = 0;
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length;) {
        bytes ??= await this.take();
        if (!bytes) return;
        const piece = chunk.subarray(at, at + bytes.length - filled);
        bytes.set(piece, filled);
        filled += piece.length;
        at += piece.length;
        if (filled < bytes.length) continue;
        yield bytes;
        bytes = undefined;
        filled = 0;
      }
    }
    if (bytes) yield bytes.subarray(0, filled);
  }

  /** Undefined when nobody reads on. */
  private async take(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    while (!this.closed && this.idle.length === 0 && this.made === MOST_BUFFERS)
      await new Promise<void>((resolve) => (this.wake = resolve));
    if (this.closed) return undefined;
    const buffer = this.idle.pop();
    if (!buffer) this.made++;
    return new Uint8Array(buffer ?? new ArrayBuffer(BUFFER_BYTES));
  }
}
