import type { Cell, ValueFormat } from './report.js';

/** Text that is a number a double holds exactly: at most 15 digits. */
const DECIMAL = /^[+-]?(?:\d{1,15}|(?=[\d.]{2,16}$)\d*\.\d+)$/;
const ISO_DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const HAS_ZONE = /(?:Z|[+-]\d\d:?\d\d)$/;

/**
 * The value as its column's format reads it. What does not fit the format stands as text, so that "n/a" in a column of
 * numbers costs no report.
 */
export function cellOf(value: unknown, format?: ValueFormat): Cell {
  if (value === null || value === undefined || value === '') return null;
  if (format === 'text') return textOf(value);
  if (format === 'date') return dateOf(value) ?? textOf(value);
  if (format !== undefined) return numberOf(value) ?? textOf(value);
  return typeof value === 'number' || typeof value === 'boolean' ? value : textOf(value);
}

/** Whether a cell is no value of its column's format. */
export function isMisfit(cell: Cell, format?: ValueFormat): boolean {
  return typeof cell === 'string' && format !== undefined && format !== 'text';
}

/** Text that, written as a number, is the same text: "42" and "-1.5", but not "007" or "1e3". */
export function isCanonicalNumber(text: string): boolean {
  return DECIMAL.test(text) && String(Number(text)) === text;
}

export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** What a file for machines holds: numbers unrounded, dates as YYYY-MM-DD in UTC. */
export function plainText(cell: Cell): string {
  if (cell === null) return '';
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell);
}

const numbers = (digits: Intl.NumberFormatOptions) => new Intl.NumberFormat('en-US', digits);
const PRINTED = {
  integer: numbers({ maximumFractionDigits: 0 }),
  decimal: numbers({ minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  percent: numbers({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }),
};

/** What is printed for people: 1,234.50 for a decimal, 12.5% for 0.125. */
export function printedText(cell: Cell, format?: ValueFormat): string {
  const isNumeric = format === 'integer' || format === 'decimal' || format === 'percent';
  return typeof cell === 'number' && isNumeric ? PRINTED[format].format(cell) : plainText(cell);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  // What came as JSON is a number or a truth value now, or a list or an object.
  return JSON.stringify(value);
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return DECIMAL.test(text) ? Number(text) : undefined;
}

/** A time without a zone is taken as UTC, as everywhere in the product. */
function dateOf(value: unknown): Date | undefined {
  if (typeof value !== 'string' || !ISO_DATE.test(value)) return undefined;
  const hasTime = value.length > 10;
  const date = new Date(hasTime && !HAS_ZONE.test(value) ? `${value}Z` : value);
  if (Number.isNaN(date.getTime())) return undefined;
  // 2026-02-30 is no date, though it can be counted from.
  return hasTime || date.toISOString().startsWith(value) ? date : undefined;
}
