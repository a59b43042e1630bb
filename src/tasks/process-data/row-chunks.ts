/**
 * Chunks of rows on their way from a thread to whoever iterates over them. A chunk holds until the next is asked for:
 * then its memory goes back, to be written into again.
 */
export class RowChunks implements AsyncIterable<Uint8Array> {
  private readonly waiting: Uint8Array<ArrayBuffer>[] = [];
  private ended = false;
  private failure: { readonly reason: unknown } | undefined;
  private wake: () => void = () => undefined;

  /** @param giveBack takes the memory of a chunk that has been read */
  constructor(private readonly giveBack: (buffer: ArrayBuffer) => void) {}

  push(chunk: Uint8Array<ArrayBuffer>): void {
    this.waiting.push(chunk);
    this.wake();
  }

  /** Nothing comes after what was pushed. */
  end(): void {
    this.ended = true;
    this.wake();
  }

  /** Whoever iterates meets this next, whatever was pushed. */
  fail(reason: unknown): void {
    this.failure ??= { reason };
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (this.failure) throw this.failure.reason;
      const chunk = this.waiting.shift();
      if (chunk) {
        yield chunk;
        this.giveBack(chunk.buffer);
      } else if (this.ended) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
