import { styleText } from 'node:util';
import { plainText, safeJson } from './plain-text.js';
import { type Column, type Style, table } from './table.js';

/** What of a stream matters to how things are shown. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): boolean;
}

type Colour = Parameters<typeof styleText>[0];

/** Shows things on standard output: for people on a terminal, for scripts elsewhere. */
export const terminal = {
  /** The columns there are; undefined = nobody looks at it, and nothing is cut. */
  get width(): number | undefined {
    return process.stdout.isTTY ? Math.max(20, process.stdout.columns || 80) : undefined;
  },

  /** A colour; none where standard output is no terminal, and with NO_COLOR. */
  style(colour: Colour): Style {
    return (text) => styleText(colour, text, { stream: process.stdout });
  },

  /** Text of our own and of others, with its lines. */
  print(text: string): void {
    process.stdout.write(`${plainText(text)}\n`);
  },

  /** A JSON document, as the service answered it. */
  printJson(value: unknown): void {
    process.stdout.write(`${safeJson(value, 2)}\n`);
  },

  /** One line of JSON Lines. */
  printJsonLine(value: unknown): void {
    process.stdout.write(`${safeJson(value)}\n`);
  },

  /** @param otherwise what is said when there are no rows */
  printTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], otherwise: string): void {
    if (rows.length === 0) terminal.note(otherwise);
    else process.stdout.write(table(columns, rows, { width: terminal.width, title: terminal.style('bold') }));
  },

  /** Something beside the answer, for whoever looks on: on standard error. */
  note(text: string): void {
    process.stderr.write(`${plainText(text)}\n`);
  },
};

const STATUS_COLOURS: Readonly<Record<string, Colour>> = {
  COMPLETED: 'green',
  PROCESSING: 'cyan',
  RUNNING: 'cyan',
  FAILED: 'red',
  CANCELLED: 'yellow',
  BLOCKED: 'gray',
};

/** How the status of a job or a workflow is shown. */
export function statusStyle(status: string): Style | undefined {
  const colour = STATUS_COLOURS[status];
  return colour === undefined ? undefined : terminal.style(colour);
}
