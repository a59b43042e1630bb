import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DatabaseClock, messageOf } from '../common/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { Postgres } from '../database/index.js';
import { WorkerIdentity } from '../worker/index.js';
import type { Finding } from './findings.js';
import { auditRecent } from './recent.js';
import { IS_SENIOR } from './recent.sql.js';

/** What somebody does by hand is to be noticed within a minute, a round that fails in between included. */
const EVERY_MS = 25_000;

/** Where rounds take long, they may take up a tenth of the time at most. */
const REST_FACTOR = 10;

/** What the last round found. */
export interface Standing {
  readonly at: Date;
  readonly findings: readonly Finding[];
}

/** Looks again and again, in one worker for all of them, whether what has happened lately can be. */
@Injectable()
export class StandingAudit implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Audit');
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> | undefined;
  private stopped = false;
  private told = '';
  private latest: Standing | undefined;

  constructor(
    private readonly postgres: Postgres,
    private readonly identity: WorkerIdentity,
    private readonly clock: DatabaseClock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Undefined where another worker audits, or none has yet. */
  get standing(): Standing | undefined {
    return this.latest;
  }

  onApplicationBootstrap(): void {
    this.schedule(EVERY_MS * Math.random());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.current;
  }

  private schedule(pauseMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      const startedAt = performance.now();
      this.current = this.round().then(() =>
        this.schedule(Math.max(EVERY_MS, REST_FACTOR * (performance.now() - startedAt))),
      );
    }, pauseMs);
  }

  /** Never rejects: the next round asks again. */
  private async round(): Promise<void> {
    try {
      const { rows } = await this.postgres.query<{ isSenior: boolean }>(IS_SENIOR, [this.identity.id]);
      this.latest = rows[0]?.isSenior ? await this.look() : undefined;
    } catch (error) {
      this.logger.debug(`The jobs could not be audited: ${messageOf(error)}`);
    }
  }

  private async look(): Promise<Standing> {
    const now = this.clock.now();
    const findings = await auditRecent(this.postgres, {
      now,
      deadAfterSeconds: this.config.worker.deadAfterSeconds,
    });
    this.tell(findings.filter(({ count }) => count > 0));
    return { at: new Date(now), findings };
  }

  /** Once, and again when it changes. */
  private tell(violations: readonly Finding[]): void {
    const lines = violations.map(
      ({ invariant, count, examples }) =>
        `${invariant.name} is broken ${count} times (${examples.map(({ id, detail }) => `${id} ${detail}`).join('; ')})`,
    );
    const text = lines.join('\n');
    if (text === this.told) return;
    this.told = text;
    for (const line of lines) this.logger.error(`${line}: run "roundhouse audit" to see what to do`);
    if (lines.length === 0) this.logger.log('Everything that was broken is sound again');
  }
}
