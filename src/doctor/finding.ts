import type { Config } from '../config/index.js';
import type { Pooler, Session } from '../database/index.js';

/** How bad it is: fine, worth knowing, or against what Roundhouse promises. */
export type Level = 'ok' | 'warning' | 'error';

/** What a check found. */
export interface Finding {
  readonly level: Level;
  /** What is so, in one sentence. */
  readonly says: string;
  /** What comes of it. */
  readonly why?: string;
  /** What to do, as exactly as can be said: a statement, a setting, a command. */
  readonly fix?: string;
}

/** What a check may look at. */
export interface Patient {
  readonly config: Config;
  readonly session: Session;
  readonly pooler: Pooler;
  /** It is our own PostgreSQL. */
  readonly isEmbedded: boolean;
}

/** One thing the doctor looks at; an empty answer means that it does not apply here. */
export interface Check {
  readonly name: string;
  examine(patient: Patient): Promise<Finding[]>;
}

/** The answer of a statement that has exactly one row. */
export async function theRow<Row extends object>(session: Session, statement: string): Promise<Row> {
  const { rows } = await session.query<Row>(statement);
  const [row] = rows;
  if (!row) throw new Error('The database gave no answer');
  return row;
}

export function ok(says: string): Finding {
  return { level: 'ok', says };
}

export function warning(says: string, why: string, fix: string): Finding {
  return { level: 'warning', says, why, fix };
}

export function error(says: string, why: string, fix: string): Finding {
  return { level: 'error', says, why, fix };
}

/** Only what is wrong is worth a line; when nothing is, one says so. */
export function orFine(findings: readonly Finding[], says: string): Finding[] {
  return findings.length > 0 ? [...findings] : [ok(says)];
}
