import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programsOf } from './debian.js';
import { eventually } from './eventually.js';
import { DOCKER } from './monitoring-files.js';

/** What a query found. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** A rule as Prometheus has evaluated it. */
export interface EvaluatedRule {
  readonly name: string;
  readonly query: string;
  readonly type: 'alerting' | 'recording';
  readonly health: string;
  readonly lastError?: string;
  readonly state?: 'inactive' | 'pending' | 'firing';
}

interface Targets {
  readonly api: readonly string[];
  readonly workers: readonly string[];
  readonly token: string;
}

let programs: string | undefined;

function whyNoPrometheus(): string | undefined {
  try {
    programs = programsOf('prometheus', 'promtool');
    return undefined;
  } catch {
    return "there is no promtool, and Debian's prometheus could not be fetched, which only root tries";
  }
}

/** `describe` where there is a Prometheus; elsewhere the tests are skipped, and the reason is printed. */
export function describeWithPrometheus(name: string, tests: () => void): void {
  const reason = whyNoPrometheus();
  if (reason) process.stderr.write(`Skipped: ${name} (${reason})\n`);
  (reason ? describe.skip : describe)(name, tests);
}

/** Runs promtool and answers with what it says; throws with the same when it is not content. */
export function promtool(args: readonly string[], input?: string): string {
  try {
    return execFileSync(join(programs!, 'promtool'), args, { encoding: 'utf8', input, stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`promtool ${args.join(' ')}: ${stdout}${stderr}`);
  }
}

/** A copy of the configuration that scrapes these targets, and much more often. */
export function configurationFor({ api, workers, token }: Targets): { file: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'roundhouse-prometheus-'));
  cpSync(join(DOCKER, 'prometheus'), folder, { recursive: true });
  const file = join(folder, 'prometheus.yml');
  const often = readFileSync(file, 'utf8')
    .replace(/_interval: 15s/g, '_interval: 1s')
    .replace('timeout: 5s', 'timeout: 1s');
  writeFileSync(file, often);
  writeFileSync(join(folder, 'keys/prometheus'), token);
  const list = (urls: readonly string[]) =>
    JSON.stringify([{ targets: urls.map((url) => new URL(url).host) }]);
  writeFileSync(join(folder, 'targets/api.yml'), list(api));
  writeFileSync(join(folder, 'targets/workers.yml'), list(workers));
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A Prometheus of a test's own. */
export class Prometheus {
  private constructor(
    private readonly url: string,
    private readonly kill: () => Promise<void>,
  ) {}

  static async start(configuration: string): Promise<Prometheus> {
    const data = mkdtempSync(join(tmpdir(), 'roundhouse-prometheus-data-'));
    const child = spawn(
      join(programs!, 'prometheus'),
      [`--config.file=${configuration}`, `--storage.tsdb.path=${data}`, '--web.listen-address=127.0.0.1:0'],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = once(child, 'exit');
    const kill = async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
      rmSync(data, { recursive: true, force: true });
    };
    try {
      const address = await eventually(() => {
        if (child.exitCode !== null) throw new Error(`Prometheus ended with ${child.exitCode}: ${said}`);
        return /msg="Listening on" address=(127\.0\.0\.1:[1-9]\d*)/.exec(said)?.[1];
      }, 30_000);
      return new Prometheus(`http://${address}/api/v1`, kill);
    } catch (error) {
      await kill();
      throw error;
    }
  }

  /** @throws Error when it is no expression, or fails */
  async query(expression: string): Promise<Sample[]> {
    const { resultType, result } = await this.get<{ resultType: string; result: Sample[] }>(
      `query?query=${encodeURIComponent(expression)}`,
    );
    if (resultType !== 'vector') throw new Error(`${expression} is no vector but a ${resultType}`);
    return result;
  }

  /** The only value; undefined when there is none. */
  async value(expression: string): Promise<number | undefined> {
    const [sample, ...others] = await this.query(expression);
    if (others.length > 0) throw new Error(`${expression} has ${others.length + 1} values`);
    return sample && Number(sample.value[1]);
  }

  async rules(): Promise<EvaluatedRule[]> {
    const { groups } = await this.get<{ groups: { rules: EvaluatedRule[] }[] }>('rules');
    return groups.flatMap(({ rules }) => rules);
  }

  async targets(): Promise<{ health: string; lastError: string; scrapePool: string }[]> {
    return (
      await this.get<{ activeTargets: { health: string; lastError: string; scrapePool: string }[] }>(
        'targets',
      )
    ).activeTargets;
  }

  async metricNames(): Promise<Set<string>> {
    return new Set(await this.get<string[]>('label/__name__/values'));
  }

  stop(): Promise<void> {
    return this.kill();
  }

  private async get<Data>(path: string): Promise<Data> {
    const response = await fetch(`${this.url}/${path}`);
    const { status, data, error } = (await response.json()) as { status: string; data: Data; error?: string };
    if (status !== 'success') throw new Error(`${decodeURIComponent(path)}: ${error}`);
    return data;
  }
}
