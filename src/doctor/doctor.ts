import type { Config } from '../config/index.js';
import { Pooler, connectPatiently } from '../database/index.js';
import { messageOf } from '../common/index.js';
import { artifactsCheck } from './checks/artifacts.check.js';
import { connectionsCheck, keepaliveCheck, poolerCheck } from './checks/connections.check.js';
import { engineCheck, indexesCheck, schemaCheck } from './checks/schema.check.js';
import { roleCheck } from './checks/role.check.js';
import { clockCheck, durabilityCheck, serverCheck, settingsCheck } from './checks/server.check.js';
import { autovacuumCheck, horizonCheck, retentionCheck, wraparoundCheck } from './checks/upkeep.check.js';
import { diskCheck, workersCheck } from './checks/workers.check.js';
import { type Check, type Finding, type Patient, error } from './finding.js';

/** What needs none of our tables. */
const GENERAL: readonly Check[] = [
  settingsCheck,
  serverCheck,
  durabilityCheck,
  poolerCheck,
  connectionsCheck,
  keepaliveCheck,
  clockCheck,
  wraparoundCheck,
  diskCheck(),
];

/** What is looked at once every table is there. */
const OURS: readonly Check[] = [
  engineCheck,
  indexesCheck,
  roleCheck,
  retentionCheck,
  autovacuumCheck,
  horizonCheck(),
  workersCheck,
  artifactsCheck,
];

/** A finding and the check it comes from. */
export interface NamedFinding extends Finding {
  readonly check: string;
}

/** No single look may take longer (ms). */
const LONGEST_LOOK_MS = 10_000;

/**
 * Looks at everything that can be wrong with a database and whoever works on it; changes nothing.
 * @param isEmbedded whether it is our own PostgreSQL, where everything is one role's
 * @throws DatabaseUnreachableError when it cannot be reached
 */
export async function examine(config: Config, isEmbedded = false): Promise<NamedFinding[]> {
  const session = await connectPatiently(config, 'roundhouse doctor', { query_timeout: LONGEST_LOOK_MS });
  try {
    const patient: Patient = { config, session, pooler: new Pooler(config), isEmbedded };
    const findings = await lookAll([...GENERAL, schemaCheck], patient);
    const isMigrated = !findings.some(({ check, level }) => check === schemaCheck.name && level === 'error');
    return isMigrated ? [...findings, ...(await lookAll(OURS, patient))] : findings;
  } finally {
    await session.end();
  }
}

async function lookAll(checks: readonly Check[], patient: Patient): Promise<NamedFinding[]> {
  const findings: NamedFinding[] = [];
  for (const check of checks) findings.push(...(await look(check, patient)));
  return findings;
}

async function look(check: Check, patient: Patient): Promise<NamedFinding[]> {
  const { name } = check;
  try {
    return (await check.examine(patient)).map((finding) => ({ check: name, ...finding }));
  } catch (failure) {
    const says = `This could not be looked at: ${messageOf(failure)}`;
    return [
      { check: name, ...error(says, 'What is wrong may lie here', 'Mend what is said above, and ask again') },
    ];
  }
}
