import { Readable } from 'node:stream';

/**
 * Sends chunks as they come, at the pace of whoever reads. `Readable.from` would not do: it closes only when the next
 * chunk has come, and a stream may be silent for ever.
 */
export class ChunkStream extends Readable {
  /** @param onClose the reader is gone, or all has been read; called once, also when nothing was read */
  constructor(
    private readonly chunks: AsyncIterator<string, void, undefined>,
    private readonly onClose: () => void,
  ) {
    super({ highWaterMark: 0 });
  }

  override _read(): void {
    this.chunks.next().then(
      ({ done, value }) => {
        if (!this.destroyed) this.push(done ? null : value);
      },
      (error: unknown) => this.destroy(error as Error),
    );
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.onClose();
    callback(error);
  }
}
