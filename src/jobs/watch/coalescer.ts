interface Call<Key, Value> {
  readonly key: Key;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers what is to be read while an earlier read is under way, and reads it with one statement. */
export class Coalescer<Key, Value> {
  private waiting: Call<Key, Value>[] = [];
  private isReading = false;

  /**
   * @param read answers with a value for each key, in their order
   * @param most keys of one statement
   */
  constructor(
    private readonly read: (keys: readonly Key[]) => Promise<Value[]>,
    private readonly most: number,
  ) {}

  /** Resolves with the key's value as it is after this call. */
  load(key: Key): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, resolve, reject });
      if (!this.isReading) void this.readAll();
    });
  }

  private async readAll(): Promise<void> {
    this.isReading = true;
    // Callers of the same turn of the event loop go together.
    await new Promise(setImmediate);
    while (this.waiting.length > 0) await this.readSome(this.waiting.splice(0, this.most));
    this.isReading = false;
  }

  private async readSome(calls: readonly Call<Key, Value>[]): Promise<void> {
    try {
      const values = await this.read(calls.map(({ key }) => key));
      for (const [index, { resolve }] of calls.entries()) resolve(values[index] as Value);
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  }
}
