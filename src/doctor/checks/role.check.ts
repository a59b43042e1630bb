import type { Config } from '../../config/index.js';
import type { Session } from '../../database/index.js';
import { SELECT_LACKING, SELECT_ROLE, SELECT_UNCALLABLE } from '../doctor.sql.js';
import { type Check, type Finding, error, ok, theRow, warning } from '../finding.js';
import { LINE_RIGHTS, TABLE_RIGHTS } from '../rights.js';

interface Role {
  readonly name: string;
  readonly isSuperuser: boolean;
  readonly isOwner: boolean;
  readonly mayWrite: boolean;
  readonly mayForge: boolean;
  readonly mayForget: boolean;
}

/** Where the rights of each kind of process stand in the tables of rights. */
const COLUMNS = { api: [0], worker: [1], all: [0, 1], readonly: [2] } as const;

const WORDS = [
  ['S', 'SELECT'],
  ['I', 'INSERT'],
  ['U', 'UPDATE'],
  ['D', 'DELETE'],
] as const;

const CALLS = {
  api: ['record_refusals(uuid[],integer[],text[])'],
  worker: ['record_refusals(uuid[],integer[],text[])', 'forget_audit_log(integer,integer)'],
  all: ['record_refusals(uuid[],integer[],text[])', 'forget_audit_log(integer,integer)'],
  readonly: [],
} as const;

const APPLY = 'Apply docker/postgres/roles.sql as a superuser';

/** Whether the role may do what its processes must, and nothing worse. */
export const roleCheck: Check = {
  name: 'role',
  async examine({ session, config, isEmbedded }) {
    const role = await theRow<Role>(session, SELECT_ROLE);
    const kind = kindOf(role, config);
    const findings = [
      ...(await lacking(session, role, kind)),
      ...(await uncallable(session, role, kind)),
      ...(isEmbedded ? [] : excess(role)),
    ];
    if (findings.length > 0) return findings;
    const what = kind === 'readonly' ? 'only reads' : `has the rights that ${kindName(kind)} needs`;
    return [ok(`The role ${role.name} ${what}`)];
  },
};

/** A role of docker/postgres/roles.sql is told by its name; another one does what ROLE says. */
function kindOf({ name, mayWrite }: Role, { role }: Config): keyof typeof COLUMNS {
  if (name.endsWith('_readonly') && !mayWrite) return 'readonly';
  if (name.endsWith('_api')) return 'api';
  if (name.endsWith('_worker')) return 'worker';
  return role === 'isolated' ? 'worker' : role;
}

function kindName(kind: keyof typeof COLUMNS): string {
  return kind === 'all' ? 'Roundhouse' : `${kind === 'api' ? 'an' : 'a'} ${kind} process`;
}

async function lacking(session: Session, { name }: Role, kind: keyof typeof COLUMNS): Promise<Finding[]> {
  const wanted = [
    ...Object.entries(TABLE_RIGHTS),
    ...Object.entries(LINE_RIGHTS).map(([table, rights]) => [`pgboss.${table}`, rights] as const),
  ].flatMap(([table, rights]) => {
    const letters = COLUMNS[kind].map((at) => rights[at]).join('');
    return WORDS.filter(([letter]) => letters.includes(letter)).map(([, word]) => ({ table, word }));
  });
  const values = [wanted.map(({ table }) => table), wanted.map(({ word }) => word)];
  const { rows } = await session.query<{ name: string; privilege: string }>(SELECT_LACKING, values);
  const tables = new Map<string, string[]>();
  for (const { name: table, privilege } of rows) tables.set(table, [...(tables.get(table) ?? []), privilege]);
  if (tables.size === 0) return [];
  const rights = [...tables].map(([table, privileges]) => `${privileges.join(', ')} ON ${table}`);
  return [
    error(
      `The role ${name} may not ${rights.join('; ')}`,
      'What needs that fails',
      `${APPLY}, or: ${rights.map((right) => `GRANT ${right} TO ${name};`).join(' ')}`,
    ),
  ];
}

async function uncallable(session: Session, { name }: Role, kind: keyof typeof COLUMNS): Promise<Finding[]> {
  const { rows } = await session.query<{ name: string }>(SELECT_UNCALLABLE, [CALLS[kind]]);
  const functions = rows.map((row) => row.name).join(', ');
  if (functions === '') return [];
  const fix = `${APPLY}, or: GRANT EXECUTE ON FUNCTION ${functions} TO ${name};`;
  return [error(`The role ${name} may not call ${functions}`, 'What needs that fails', fix)];
}

/** Hints: it works, but whoever takes over a process can do more than they need to be able to. */
function excess({ name, isSuperuser, isOwner, mayForge, mayForget }: Role): Finding[] {
  const why = 'Whoever takes over a process of ours can change tables, the history of jobs and the audit log';
  const fix = 'Connect as one of the roles of docker/postgres/roles.sql: docs/database-roles.md says how';
  if (isSuperuser) return [warning(`The role ${name} is a superuser`, why, fix)];
  if (isOwner) return [warning(`The role ${name} owns the tables`, why, fix)];
  const [table] = [...(mayForge ? ['job_events'] : []), ...(mayForget ? ['audit_log'] : [])];
  if (table === undefined) return [];
  const says = `The role ${name} may change ${table} by hand`;
  return [warning(says, 'What it says of the past can be forged', `${APPLY} once more`)];
}
