import { LOG_LEVELS, type LogLevel } from './job-handler.js';

const LONGEST_LINE_BYTES = 4 * 1024;
const LONGEST_PROGRESS = 1_000;

/** What `job.log` was given, as it is kept: whatever it is, it makes a line. */
export function lineOf(first: unknown, second: unknown): { level: LogLevel; message: string } {
  if (second === undefined) return { level: 'info', message: cutToBytes(textOf(first), LONGEST_LINE_BYTES) };
  const level = LOG_LEVELS.find((known) => known === first) ?? 'info';
  return { level, message: cutToBytes(textOf(second), LONGEST_LINE_BYTES) };
}

/** What `job.progress` was given, as it is kept; undefined when the percentage is no number. */
export function progressOf(
  percent: unknown,
  message: unknown,
): { percent: number; message: string | null } | undefined {
  const number = Number(percent);
  if (Number.isNaN(number)) return undefined;
  return {
    percent: Math.round(Math.min(100, Math.max(0, number))),
    message: message === undefined || message === null ? null : textOf(message).slice(0, LONGEST_PROGRESS),
  };
}

/** Text that PostgreSQL takes. */
function textOf(value: unknown): string {
  try {
    return (typeof value === 'string' ? value : String(value)).toWellFormed().replaceAll('\0', '\ufffd');
  } catch {
    return 'a value that cannot be read';
  }
}

function cutToBytes(text: string, most: number): string {
  if (text.length * 3 <= most || Buffer.byteLength(text) <= most) return text;
  const bytes = Buffer.from(text.slice(0, most)).subarray(0, most - 3);
  // Half a character at the cut would become three bytes of its own.
  return `${bytes.toString('utf8').replace(/\ufffd$/, '')}…`;
}
