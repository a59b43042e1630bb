import { availableParallelism } from 'node:os';
import type { FaultKind } from './fault-plan.js';
import { type Options, commandFor } from './options.js';
import type { Finding } from './verdict/finding.js';
import type { Recovery } from './verdict/recovery.js';
import type { Verdict } from './verdict/verdict.js';

/** Everything a run has to tell. */
export interface Report extends Verdict {
  readonly options: Options;
  readonly date: string;
  readonly cores: number;
  readonly struck: Readonly<Record<FaultKind, number>>;
  readonly connectionsCut: number;
  readonly outageMs: number;
  readonly requests: number;
  readonly repeated: number;
  readonly endedByThemselves: readonly string[];
}

export function cores(): number {
  return availableParallelism();
}

/** Jobs that had not finished when patience was over may yet: that is told, and is a failure all the same. */
export function hasFailed({ findings }: Pick<Verdict, 'findings'>): boolean {
  return findings.some(({ name, count, isFault }) => count > 0 && (isFault || name === 'unfinished'));
}

/** The report as people read it. */
export function toText(report: Report): string {
  const { struck, verdictLine } = { ...report, verdictLine: hasFailed(report) ? 'FAILED' : 'passed' };
  const duplicates = countOf(report.findings, 'effects more than once');
  return [
    '',
    `Chaos ${verdictLine}: ${commandFor(report.options)} (${report.date}, ${report.cores} cores)`,
    '',
    `  kill -9          ${struck['kill-worker']} workers, ${struck['kill-api']} APIs, ${struck['kill-postmaster']} postmasters`,
    `  freezes          ${struck['freeze-worker']} of workers, with SIGSTOP`,
    `  connections cut  ${report.connectionsCut}`,
    `  database away    ${(report.outageMs / 1000).toFixed(1)} s in all`,
    `  requests         ${report.requests}, of which ${report.repeated} had to be repeated`,
    `  jobs             ${report.jobs} (${report.accepted} accepted; of ${report.unknown.requests} requests nobody knows, ${report.unknown.stored} made a job)`,
    `  workflows        ${report.workflows}`,
    `  attempts         ${report.attempts}, of which ${report.struckByKills} were under way when their worker was killed`,
    `  recovery         ${times(report.afterKills)} after kill -9; ${times(report.afterFreezes)} after a freeze`,
    `  duplicates       ${duplicates} effects outside of transactions, ${perKill(duplicates, struck['kill-worker'])} per worker killed`,
    `  by themselves    ${report.endedByThemselves.length} processes ended ${report.endedByThemselves.join(', ')}`,
    '',
    ...report.findings.flatMap(lines),
    '',
  ].join('\n');
}

function lines({ name, count, isFault, examples }: Finding): string[] {
  const mark = isFault || name === 'unfinished' ? (count > 0 ? 'BAD ' : 'ok  ') : '    ';
  const shown = examples.map((example) => `           ${example}`);
  return [`  ${mark} ${name}: ${count}`, ...(isFault || count === 0 ? shown : shown.slice(0, 2))];
}

function times({ jobs, p50, p99, longest }: Recovery): string {
  if (p50 === null || p99 === null || longest === null) return 'none';
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  return `p50 ${seconds(p50)}, p99 ${seconds(p99)}, longest ${seconds(longest)} (${jobs} jobs)`;
}

function perKill(count: number, kills: number): string {
  return kills === 0 ? '0' : (count / kills).toFixed(2);
}

function countOf(findings: readonly Finding[], name: string): number {
  return findings.find((finding) => finding.name === name)?.count ?? 0;
}
