import { OneConnection, auditAll } from '../../src/audit/index.js';
import { resolveConfig } from '../../src/config/index.js';
import { type Finding, fault } from './verdict/finding.js';

/** What `roundhouse audit` says at the end: each of its invariants that is broken is one of the run's faults. */
export async function ownAudit(url: string): Promise<Finding> {
  const source = await OneConnection.open(resolveConfig({ DATABASE_URL: url }), 'chaos audit');
  try {
    const { findings } = await auditAll(source, { deadAfterSeconds: 30 });
    return fault(
      'broken, says roundhouse audit',
      findings.flatMap(({ invariant, count, examples }) =>
        count === 0 ? [] : examples.map(({ id, detail }) => `${invariant.name} (${count}): ${id} ${detail}`),
      ),
    );
  } finally {
    await source.close();
  }
}
