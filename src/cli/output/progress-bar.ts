import { plainLine } from './plain-text.js';
import type { Screen } from './terminal.js';
import { fitted } from './width.js';

const WIDEST_BAR = 30;

const USUAL_WIDTH = 80;

/** How often (ms) a bar is drawn at most. */
const PACE_MS = 80;

const TO_LINE_START = '\r\u001b[K';

/** How far something has come. */
export interface Step {
  /** 0 to 1; undefined = nobody knows how much there is. */
  readonly share: number | undefined;
  readonly says: string;
}

/**
 * Shows on a terminal how far something has come, on the last line, and nothing elsewhere. Whatever else is written
 * goes through `above`, so that the line stays whole.
 */
export class ProgressBar {
  private last: Step | undefined;
  private isShown = false;
  private drawnAt = -Infinity;

  constructor(private readonly screen: Screen = process.stderr) {}

  show(step: Step): void {
    this.last = step;
    if (!this.screen.isTTY || performance.now() - this.drawnAt < PACE_MS) return;
    this.draw();
  }

  /** Writes something that stays, above the bar. */
  above(write: () => void): void {
    this.clear();
    write();
    if (this.last && this.screen.isTTY) this.draw();
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.isShown) this.screen.write(TO_LINE_START);
    this.isShown = false;
  }

  /** Takes the bar away for good. */
  end(): void {
    this.clear();
    this.last = undefined;
  }

  private draw(): void {
    if (!this.last) return;
    this.drawnAt = performance.now();
    this.isShown = true;
    // Some terminals say 0 when they do not know.
    const { columns = 0 } = this.screen;
    // A line as wide as the terminal would make some of them go on to the next one.
    this.screen.write(TO_LINE_START + barOf(this.last, (columns > 0 ? columns : USUAL_WIDTH) - 1));
  }
}

/** `[######----]  60 %  600 of 1000`, in so many columns. */
export function barOf({ share, says }: Step, width: number): string {
  const text = plainLine(says);
  if (share === undefined) return fitted(text, width);
  const part = Math.min(1, Math.max(0, share));
  const length = Math.max(4, Math.min(WIDEST_BAR, Math.floor(width / 3)));
  const full = Math.floor(part * length);
  const percent = `${Math.floor(part * 100)} %`.padStart(5);
  return fitted(`[${'#'.repeat(full)}${'-'.repeat(length - full)}] ${percent}  ${text}`, width);
}
