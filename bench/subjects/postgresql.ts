import pg from 'pg';
import { BATCH, PAYLOAD, type Subject, type Work, serveCommands, submitBatches } from '../commands.js';

const CLIENTS = 2;
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: CLIENTS });

const CREATE = `
  CREATE TABLE work (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state smallint NOT NULL, payload jsonb);
  CREATE INDEX work_waiting ON work (id) WHERE state = 0`;

const CLAIM = {
  name: 'claim',
  text: `UPDATE work SET state = 1
         WHERE id = ANY (ARRAY(SELECT id FROM work WHERE state = 0 ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED))
         RETURNING id, payload`,
};
const COMPLETE = { name: 'complete', text: 'UPDATE work SET state = 2 WHERE id = ANY ($1)' };

/** A table with one index, and the two statements that no queue on PostgreSQL can do without. */
class PlainTable implements Subject {
  async prepare(): Promise<void> {
    await pool.query(CREATE);
  }

  submitInBulk(jobs: number): Promise<Work> {
    return submitBatches(jobs, (size) =>
      pool.query(
        'INSERT INTO work (state, payload) SELECT 0, payload FROM unnest($1::jsonb[]) AS u (payload)',
        [Array.from({ length: size }, () => PAYLOAD)],
      ),
    );
  }

  async drain(jobs: number): Promise<Work> {
    const startedAt = performance.now();
    let done = 0;
    const client = async () => {
      while (done < jobs) {
        const { rows } = await pool.query<{ id: string }>({ ...CLAIM, values: [BATCH] });
        if (rows.length === 0) return;
        await pool.query({ ...COMPLETE, values: [rows.map(({ id }) => id)] });
        done += rows.length;
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    return { jobs: done, ms: performance.now() - startedAt };
  }

  async stop(): Promise<void> {
    await pool.end();
  }
}

serveCommands(new PlainTable());
