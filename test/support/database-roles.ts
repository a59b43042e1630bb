import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';

const FILE = readFileSync('docker/postgres/roles.sql', 'utf8');

export type RoleName = 'migrator' | 'api' | 'worker' | 'readonly' | 'monitor';

const NAMES: readonly RoleName[] = ['migrator', 'api', 'worker', 'readonly', 'monitor'];

/** An empty database with the roles of docker/postgres/roles.sql, whose names begin with a word of their own. */
export interface RoledDatabase {
  readonly prefix: string;
  /** To look at it as a superuser. */
  readonly pool: pg.Pool;
  readonly url: Readonly<Record<RoleName, string>>;
  /** Applies the file once more. */
  apply(): Promise<void>;
  /** Does one statement as a role. */
  as(role: RoleName, statement: string): Promise<Record<string, any>[]>;
  drop(): Promise<void>;
}

export async function createRoledDatabase(): Promise<RoledDatabase> {
  const server = process.env.TEST_POSTGRES_URL;
  if (!server) throw new Error('Jest was started without its global setup');
  const prefix = `roles_${randomBytes(4).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await once(server, `CREATE DATABASE ${prefix}`);
  const addressed = (user?: string) => {
    const url = new URL(server);
    url.pathname = `/${prefix}`;
    if (user) Object.assign(url, { username: user, password });
    return url.href;
  };
  const pool = new pg.Pool({ connectionString: addressed(), max: 3 });
  pool.on('error', () => undefined);
  const apply = () => once(addressed(), `SET roundhouse.roles = '${prefix}';\n${FILE}`);
  await apply();
  for (const name of NAMES) await pool.query(`ALTER ROLE ${prefix}_${name} PASSWORD '${password}'`);
  const url = Object.fromEntries(NAMES.map((name) => [name, addressed(`${prefix}_${name}`)])) as Record<
    RoleName,
    string
  >;
  return {
    prefix,
    pool,
    url,
    apply: async () => {
      await apply();
    },
    as: (role, statement) => once(url[role], statement),
    drop: async () => {
      await pool.end();
      await once(server, `DROP DATABASE ${prefix} WITH (FORCE)`);
      for (const name of [...NAMES, 'owner']) await once(server, `DROP ROLE ${prefix}_${name}`);
    },
  };
}

async function once(url: string, text: string): Promise<Record<string, any>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const answer = (await client.query(text)) as pg.QueryResult | pg.QueryResult[];
    return (Array.isArray(answer) ? answer.at(-1)?.rows : answer.rows) ?? [];
  } finally {
    await client.end();
  }
}
