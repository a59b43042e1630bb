import type { TestDatabase } from './database.js';

/** What came of an occurrence, as the database has it. */
export interface Run {
  readonly occurrence: Date;
  readonly job_id: string | null;
  readonly workflow_id: string | null;
  readonly error: string | null;
  readonly made_up: boolean;
}

/** What came of the occurrences of a schedule, oldest first. */
export async function runsOf({ pool }: TestDatabase, name: string): Promise<Run[]> {
  const { rows } = await pool.query<Run>(
    `SELECT r.* FROM schedule_runs r JOIN schedules s ON s.id = r.schedule_id WHERE s.name = $1 ORDER BY occurrence`,
    [name],
  );
  return rows;
}

/** The jobs that came of a schedule, oldest first. */
export async function jobsOf({ pool }: TestDatabase, name: string): Promise<Record<string, any>[]> {
  const { rows } = await pool.query('SELECT * FROM jobs WHERE $1 = ANY(tags) ORDER BY id', [
    `schedule:${name}`,
  ]);
  return rows;
}

/** The workflows that came of a schedule, oldest first. */
export async function workflowsOf({ pool }: TestDatabase, name: string): Promise<Record<string, any>[]> {
  const { rows } = await pool.query('SELECT * FROM workflows WHERE $1 = ANY(tags) ORDER BY id', [
    `schedule:${name}`,
  ]);
  return rows;
}

/** As if its next occurrence had come so many seconds ago, to a full second. */
export async function turnBack({ pool }: TestDatabase, name: string, seconds: number): Promise<Date> {
  const { rows } = await pool.query<{ at: Date }>(
    `UPDATE schedules SET next_run_at = date_trunc('second', now()) - $2 * interval '1 second',
                          due_at = date_trunc('second', now()) - $2 * interval '1 second'
     WHERE name = $1 RETURNING next_run_at AS at`,
    [name, seconds],
  );
  return rows[0]!.at;
}
