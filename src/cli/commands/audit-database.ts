import { type AuditResult, type Finding, OneConnection, auditAll } from '../../audit/index.js';
import { printableText } from '../../common/index.js';
import type { Config } from '../../config/index.js';

/** What the command was asked for. */
interface Wanted {
  readonly since: Date | undefined;
  readonly asJson: boolean;
}

/** Audits a database and prints what was found. @returns the exit code: 1 when something is broken */
export async function auditDatabase(config: Config, { since, asJson }: Wanted): Promise<number> {
  const source = await OneConnection.open(config, 'roundhouse audit');
  try {
    const { deadAfterSeconds } = config.worker;
    const result = await auditAll(source, { deadAfterSeconds, ...(since ? { since } : {}) });
    process.stdout.write(asJson ? toJson(result) : toText(result));
    return result.findings.some(({ count }) => count > 0) ? 1 : 0;
  } finally {
    await source.close();
  }
}

function toJson({ jobs, findings }: AuditResult): string {
  const invariants = findings.map(({ invariant: { name, means, remedy }, count, examples }) => ({
    name,
    means,
    count,
    examples,
    ...(count > 0 ? { remedy } : {}),
  }));
  return `${JSON.stringify({ sound: findings.every(({ count }) => count === 0), jobs, invariants }, null, 2)}\n`;
}

function toText({ jobs, findings }: AuditResult): string {
  const broken = findings.filter(({ count }) => count > 0);
  const verdict =
    broken.length === 0 ? 'Everything holds.' : `${broken.length} of ${findings.length} are broken.`;
  return [...findings.map(paragraph), `\nLooked at ${jobs} jobs. ${verdict}\n`].join('');
}

function paragraph({ invariant, count, examples }: Finding): string {
  if (count === 0) return `ok      ${invariant.means}\n`;
  const shown = examples.map(({ id, detail }) => `          ${id} ${printableText(detail)}\n`).join('');
  return `BROKEN  ${invariant.means} Not so ${count} times (${invariant.name}), such as:\n${shown}        ${invariant.remedy}\n`;
}
