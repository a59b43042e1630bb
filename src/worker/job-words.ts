import { cutToBytes, storableText } from '../common/index.js';
import { LOG_LEVELS, type LogLevel } from './job-handler.js';

const LONGEST_LINE_BYTES = 4 * 1024;
const LONGEST_PROGRESS = 1_000;

/** What `job.log` was given, as it is kept: whatever it is, it makes a line. */
export function lineOf(first: unknown, second: unknown): { level: LogLevel; message: string } {
  const level = LOG_LEVELS.find((known) => second !== undefined && known === first) ?? 'info';
  const text = textOf(second === undefined ? first : second, LONGEST_LINE_BYTES + 1);
  return { level, message: cutToBytes(text, LONGEST_LINE_BYTES) };
}

/** What `job.progress` was given, as it is kept; undefined when the percentage is no number. */
export function progressOf(
  percent: unknown,
  message: unknown,
): { percent: number; message: string | null } | undefined {
  const number = numberOf(percent);
  if (Number.isNaN(number)) return undefined;
  return {
    percent: Math.round(Math.min(100, Math.max(0, number))),
    message: message === undefined || message === null ? null : textOf(message, LONGEST_PROGRESS),
  };
}

/** A symbol, and an object with a mind of its own, throw instead of being a number. */
function numberOf(value: unknown): number {
  try {
    return Number(value);
  } catch {
    return Number.NaN;
  }
}

/** Text that PostgreSQL takes, of at most so many characters: no more of it is looked at. */
function textOf(value: unknown, most: number): string {
  try {
    return storableText((typeof value === 'string' ? value : String(value)).slice(0, most));
  } catch {
    return 'a value that cannot be read';
  }
}
