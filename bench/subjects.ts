import { fileURLToPath } from 'node:url';

/** Where BullMQ keeps its jobs: the server whose processor time is its own. */
export type Server = 'postgresql' | 'redis' | 'none';

export interface SubjectInfo {
  readonly label: string;
  readonly file: string;
  readonly server: Server;
  /** Jobs of its drain: what takes about a second. */
  readonly jobs: number;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Programs that are run as they are, beside their own packages. */
const peer = (name: string) => fileURLToPath(new URL(`../../bench/peers/${name}.mjs`, import.meta.url));

export const SUBJECTS = {
  roundhouse: {
    label: 'Roundhouse',
    file: here('subjects/roundhouse.js'),
    server: 'postgresql',
    jobs: 20_000,
  },
  'pg-boss': { label: 'pg-boss', file: here('subjects/pg-boss.js'), server: 'postgresql', jobs: 20_000 },
  graphile: { label: 'graphile-worker', file: peer('graphile-worker'), server: 'postgresql', jobs: 20_000 },
  'bullmq-pg': { label: 'BullMQ on PostgreSQL', file: peer('bullmq'), server: 'postgresql', jobs: 2_000 },
  'bullmq-redis': {
    label: 'BullMQ on Redis, fsync always',
    file: peer('bullmq'),
    server: 'redis',
    jobs: 10_000,
  },
  postgresql: {
    label: 'a table in PostgreSQL',
    file: here('subjects/postgresql.js'),
    server: 'postgresql',
    jobs: 20_000,
  },
  'no-database': {
    label: 'Nest without a database',
    file: here('subjects/no-database.js'),
    server: 'none',
    jobs: 0,
  },
} as const satisfies Record<string, SubjectInfo>;

export type SubjectName = keyof typeof SUBJECTS;
