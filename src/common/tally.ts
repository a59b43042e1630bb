/** How many there are of each kind; what there is none of takes no memory. */
export class Tally {
  private readonly counts = new Map<string, number>();

  of(kind: string): number {
    return this.counts.get(kind) ?? 0;
  }

  add(kind: string): void {
    this.counts.set(kind, this.of(kind) + 1);
  }

  take(kind: string): void {
    const rest = this.of(kind) - 1;
    if (rest > 0) this.counts.set(kind, rest);
    else this.counts.delete(kind);
  }
}
