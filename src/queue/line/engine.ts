import { Injectable, Logger, type OnApplicationShutdown, Inject } from '@nestjs/common';
import { PgBoss, type ConstructorOptions } from 'pg-boss';
import { QUEUE_NAME, invalid, messageOf } from '../../common/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import {
  Pooler,
  SERVER_PATIENCE,
  UnsuitableDatabaseError,
  connectionName,
  divideConnections,
  servingConnection,
} from '../../database/index.js';
import { REGISTER_QUEUE } from '../claim/queues.sql.js';
import { VACUUM_LINE_OFTEN } from './ticket.sql.js';

/** The engine's schema in PostgreSQL. */
const SCHEMA = 'pgboss';

/** The engine only keeps the line: it supervises, schedules, deletes and migrates nothing by itself. */
export const PASSIVE = {
  schema: SCHEMA,
  supervise: false,
  schedule: false,
  migrate: false,
  createSchema: false,
  reindex: false,
  monitorVacuum: false,
} as const satisfies ConstructorOptions;

/** The engine's schema that our own statements on the line were written for; with another its public calls do all. */
const KNOWN_SCHEMA = 43;

/** Tickets never expire and finished ones (there are none) would go at once. */
const QUEUE_OPTIONS = { retentionSeconds: 2_147_483_647, deleteAfterSeconds: 0, retryLimit: 0 } as const;

/** What pg-boss says of a schema that is missing, or of another version, older or newer. */
const WRONG_SCHEMA = /is not installed|requires migrations/;

/** pg-boss, started without any will of its own. */
@Injectable()
export class Engine implements OnApplicationShutdown {
  private readonly logger = new Logger(Engine.name);
  readonly boss: PgBoss;
  private queues = new Set<string>();
  /** Queues of which statements of our own may take and give tickets. */
  private readonly plain = new Set<string>();
  private isKnown = false;
  /** Queues that are being looked for or created. */
  private readonly creations = new Map<string, Promise<void>>();
  private started = false;

  constructor(@Inject(CONFIG) config: Config, pooler: Pooler) {
    this.boss = new PgBoss({
      ...PASSIVE,
      ...servingConnection(config, connectionName(config, 'engine')),
      max: divideConnections(config.database.poolMax).engine,
      ...pooler.equipping(SERVER_PATIENCE),
    });
    // Without a listener an error event would end the process.
    this.boss.on('error', (error) => this.logger.warn(`The queue engine reports: ${messageOf(error)}`));
  }

  /** @throws UnsuitableDatabaseError when the engine's schema is missing, older or newer than this build's */
  async start(): Promise<void> {
    if (this.started) return;
    try {
      await this.boss.start();
      this.isKnown = (await this.boss.schemaVersion()) === KNOWN_SCHEMA;
      this.started = true;
    } catch (error) {
      if (!WRONG_SCHEMA.test(messageOf(error))) throw error;
      throw new UnsuitableDatabaseError(
        `The queue engine's tables do not fit this version (${messageOf(error)}): run "npm run migrate" with the newest build`,
      );
    }
  }

  /**
   * Creates the queue, in the engine and in our list of queues, when it is not there.
   * @param pointer where the request names it, as a JSON pointer
   * @throws DomainError when its name cannot be one
   */
  async ensureQueue(name: string, pointer?: string): Promise<void> {
    if (this.queues.has(name)) return;
    refuseUnusable(name, pointer);
    // A thousand who find a new queue at the same moment need one look, not a thousand connections.
    let creation = this.creations.get(name);
    if (!creation) {
      creation = this.createQueue(name).finally(() => this.creations.delete(name));
      this.creations.set(name, creation);
    }
    await creation;
  }

  async ensureQueues(names: Iterable<string>): Promise<void> {
    for (const name of new Set(names)) await this.ensureQueue(name);
  }

  private async createQueue(name: string): Promise<void> {
    // Over the engine's own connections: the caller may hold the last one of ours. And first: a process that dies in
    // between leaves a queue in the list that is empty, not one that nobody sees.
    await this.boss.getDb().executeSql(REGISTER_QUEUE, [name]);
    let queue = await this.boss.getQueue(name);
    if (!queue) {
      await this.boss.createQueue(name, QUEUE_OPTIONS);
      queue = await this.boss.getQueue(name);
    }
    if (this.isKnown && queue?.policy === 'standard' && !queue.partition) this.plain.add(name);
    else this.plain.delete(name);
    this.queues.add(name);
  }

  /** Whether the queue's tickets are where ours are put and follow no rule but ours: somebody may have made it otherwise. */
  hasPlainLine(name: string): boolean {
    return this.plain.has(name);
  }

  /** Does work that needs the queue, and creates it, also again when somebody has deleted it. */
  async withQueue<T>(name: string, work: () => Promise<T>): Promise<T> {
    await this.ensureQueue(name);
    try {
      return await work();
    } catch (error) {
      if (messageOf(error) !== `Queue ${name} does not exist`) throw error;
      await this.restoreQueue(name);
      return work();
    }
  }

  /** Creates the queue again when somebody has deleted it. Answers whether that was so. */
  async restoreQueue(name: string): Promise<boolean> {
    if (await this.boss.getQueue(name)) return false;
    this.logger.warn(`The queue ${name} was missing in the queue engine: it is created again`);
    this.queues.delete(name);
    await this.ensureQueue(name);
    return true;
  }

  /** The names of all queues; those that are gone are created again at their next use. */
  async queueNames(): Promise<string[]> {
    const queues = await this.boss.getQueues();
    const names = queues.map((queue) => queue.name).filter((name) => !name.startsWith('__'));
    const present = new Set(names);
    this.queues = new Set([...this.queues].filter((name) => present.has(name)));
    return names;
  }

  async onApplicationShutdown(): Promise<void> {
    if (!this.started) return;
    this.started = false;
    await this.boss.stop({ graceful: false });
  }
}

/** The engine looks queues up in a plain object, where "constructor" finds JavaScript's own. */
export function isUsableQueue(name: string): boolean {
  return QUEUE_NAME.test(name) && !(name in {});
}

/**
 * @param pointer where the request names it, as a JSON pointer
 * @throws DomainError when it cannot be the name of a queue
 */
export function refuseUnusable(name: string, pointer = '/queue'): void {
  if (isUsableQueue(name)) return;
  const detail = `"${name}" cannot be the name of a queue: choose another one`;
  throw invalid('validation_failed', [{ pointer, detail, code: 'invalid_queue_name' }]);
}

/** Creates or updates the engine's schema and waits until its deferred index builds are done. */
export async function migrateEngine(connection: ConstructorOptions): Promise<void> {
  const boss = new PgBoss({
    ...PASSIVE,
    ...connection,
    migrate: true,
    createSchema: true,
    bamIntervalSeconds: 10,
  });
  const failures: string[] = [];
  boss.on('error', (error) => failures.push(messageOf(error)));
  await boss.start();
  try {
    while (await hasPendingBuilds(boss, failures)) await new Promise((done) => setTimeout(done, 200));
    await boss.getDb().executeSql(VACUUM_LINE_OFTEN);
  } finally {
    await boss.stop({ graceful: false });
  }
}

async function hasPendingBuilds(boss: PgBoss, failures: readonly string[]): Promise<boolean> {
  const builds = await boss.getBamStatus();
  const failed = builds.find((build) => build.status === 'failed');
  if (failed && failures.length > 0)
    throw new Error(`An index of the queue engine could not be built: ${failures[0]}`);
  return builds.some((build) => build.status !== 'completed' && build.count > 0);
}
