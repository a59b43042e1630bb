import { availableParallelism, cpus, totalmem } from 'node:os';
import { MEASURES, type Measure, type MeasureName, TARGETS, type Target } from './measures.js';
import type { Cpu, Result } from './round.js';
import { SUBJECTS, type SubjectName } from './subjects.js';

/** The results of each subject, one for each round. */
export type Results = ReadonlyMap<SubjectName, readonly Result[]>;

/** One line of the table of ratios. */
export interface Judged {
  readonly label: string;
  readonly wanted: string;
  readonly reached: string;
  readonly isReached: boolean;
}

/** Each target, judged by the median of what the rounds say. Those of peers that were not there are left out. */
export function judge(results: Results): Judged[] {
  return TARGETS.flatMap((target) => {
    const value = median(valuesFor(target, results));
    if (Number.isNaN(value)) return [];
    const { atLeast = -Infinity, atMost = Infinity } = target;
    const isReached = value >= atLeast && value <= atMost;
    const unit = target.beside ? '×' : measureOf(target.measure).unit;
    const wanted =
      target.atLeast === undefined ? `≤ ${target.atMost} ${unit}` : `≥ ${target.atLeast} ${unit}`;
    return [{ label: labelOf(target), wanted, reached: `${figure(value)} ${unit}`, isReached }];
  });
}

/** What was measured, where, and with what. */
export function machine(versions: Readonly<Record<string, string>>): string {
  const cpu = cpus()[0]?.model ?? 'unknown processor';
  const parts = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${availableParallelism()} cores (${cpu.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB; ${parts.join(', ')}`;
}

/** The medians of all subjects, a row for each measure. */
export function medians(results: Results): { measure: Measure; values: Map<SubjectName, number> }[] {
  return MEASURES.map((measure) => {
    const values = [...results].map(
      ([name, rounds]) => [name, median(figures(rounds, measure.name))] as const,
    );
    return { measure, values: new Map(values.filter(([, value]) => !Number.isNaN(value))) };
  });
}

/** Processor time (µs) a job takes, a row for each measure: in the server and in the process. */
export function cpuPerJob(results: Results): { measure: Measure; values: Map<SubjectName, Cpu> }[] {
  return MEASURES.map((measure) => {
    const values = [...results].map(([name, rounds]) => {
      const each = rounds.flatMap(({ cpu }) => cpu[measure.name] ?? []);
      const cpu = {
        server: median(each.map(({ server }) => server)),
        process: median(each.map((c) => c.process)),
      };
      return [name, cpu] as const;
    });
    return { measure, values: new Map(values.filter(([, { process }]) => !Number.isNaN(process))) };
  }).filter(({ values }) => values.size > 0);
}

export function figure(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

function valuesFor({ measure, beside }: Target, results: Results): number[] {
  const ours = figures(results.get('roundhouse') ?? [], measure);
  if (!beside) return ours;
  const theirs = figures(results.get(beside) ?? [], measure);
  return ours.map((value, round) => value / (theirs[round] ?? NaN)).filter((ratio) => !Number.isNaN(ratio));
}

function figures(rounds: readonly Result[], measure: MeasureName): number[] {
  return rounds.map((round) => round.figures[measure] ?? NaN);
}

function labelOf({ measure, beside }: Target): string {
  const { label } = measureOf(measure);
  return beside ? `${label}, beside ${SUBJECTS[beside].label}` : label;
}

function measureOf(name: MeasureName): Measure {
  const measure = MEASURES.find((each) => each.name === name);
  if (!measure) throw new Error(`There is no measure ${name}`);
  return measure;
}

function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
