/** Wakes the one who waits for it; rung while nobody waits, it is heard by the next. */
export class Bell {
  private hasRung = false;
  private wake: (() => void) | undefined;

  ring(): void {
    this.hasRung = true;
    this.wake?.();
  }

  /** What rang before does not count any more. */
  silence(): void {
    this.hasRung = false;
  }

  /** Resolves when it rings, or after this time. */
  async heard(withinMs: number): Promise<void> {
    if (this.hasRung) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
  }
}
