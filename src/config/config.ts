import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Mailbox } from '../common/mailbox.ts';
import type { Browsers } from './browsers.ts';
import { contradictionsIn } from './contradictions.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { type HttpLimits, httpLimitsOf } from './http-limits.ts';
import { type IssuerConfig, issuerFrom } from './issuer.ts';
import { type AuthMode, authModeFor } from './loopback.ts';
import type { MailServer } from './mail-server.ts';
import { fileVariable, withOrigin, withSecretFiles } from './secret-files.ts';
import type { Objective } from './objective.ts';
import type { WorkerPoolConfig } from './validators.ts';
import { warningsFor } from './warnings.ts';

export type DatabaseSource = 'url' | 'libpq' | 'embedded';

/** On the command line of a process that runs single attempts for the worker that started it. */
export const ISOLATED_FLAG = '--isolated';

/** The validated settings of one process. Durations are in the unit their name says. */
export interface Config {
  /** Who this process is, to the database and to others: new at every start. */
  readonly processId: string;
  /** `isolated` is no setting: a worker starts such processes for itself. */
  readonly role: 'all' | 'api' | 'worker' | 'isolated';
  readonly home: string;
  /** Where large files lie, as an absolute path. */
  readonly dataDir: string;
  readonly database: {
    readonly source: DatabaseSource;
    /** Undefined when libpq's variables name the server, or before the embedded one runs. */
    readonly url: string | undefined;
    readonly directUrl: string | undefined;
    readonly poolMax: number;
  };
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly authMode: AuthMode;
    readonly browsers: Browsers;
    readonly maxPayloadBytes: number;
    readonly limits: HttpLimits;
    /** Undefined = as suits the way the process was started. */
    readonly shutdownDelaySeconds: number | undefined;
  };
  readonly oidc: IssuerConfig | undefined;
  readonly worker: {
    readonly metricsPort: number;
    readonly queues: readonly WorkerPoolConfig[];
    readonly concurrency: number;
    readonly shutdownSeconds: number;
    readonly deadAfterSeconds: number;
    /** Seconds between two canaries; 0 = none are sent. */
    readonly canarySeconds: number;
    readonly canaryTimeoutSeconds: number;
  };
  readonly jobs: {
    readonly timeoutSeconds: number;
    /** For how long an idempotency key answers at least, whatever becomes of its job. */
    readonly idempotencySeconds: number;
    /** Which finished jobs are deleted in the end. */
    readonly deletes: 'never' | 'successful' | 'always';
    readonly retentionDays: number;
    /** Null = nothing is forgotten. */
    readonly auditRetentionDays: number | null;
    readonly jitter: number;
    readonly stalledAfterSeconds: number;
    /** Jobs that may wait in a queue that does not say; undefined = any number. */
    readonly maxWaiting: number | undefined;
    /** Of queues without one of their own; undefined = none. */
    readonly objective: Objective | undefined;
  };
  readonly artifacts: { readonly maxBytes: number };
  readonly jokes: {
    readonly baseUrl: string;
    readonly maxAttempts: number;
    readonly baseDelaySeconds: number;
    readonly maxDelaySeconds: number;
  };
  /** Where requests may go that users have worded. */
  readonly egress: { readonly allowHttp: boolean; readonly allowPrivate: boolean };
  readonly webhooks: {
    readonly allowHttp: boolean;
    readonly allowPrivate: boolean;
    /** Seconds before each further try of a delivery. */
    readonly retryDelays: readonly number[];
    /** What callbacks of single jobs are signed with, each by itself; none = no callbacks. */
    readonly signingSecrets: readonly string[];
  };
  /** Keys (base64, 32 bytes) of secrets that are stored: the first seals, all open; none = one in the home folder. */
  readonly secretsKeys: readonly string[];
  readonly mail: {
    /** Undefined = no mail can be sent. */
    readonly server: MailServer | undefined;
    /** The sender of mails that name none. */
    readonly from: Mailbox | undefined;
  };
  readonly periodic: { readonly enabled: boolean; readonly stalledCheckMinutes: number };
  readonly logLevel: string;
  /** Where traces and faults are sent; undefined = nowhere. */
  readonly telemetry: {
    readonly otlpEndpoint: string | undefined;
    readonly sentryDsn: string | undefined;
  };
  /** Settings that work but are probably not what was meant; said once at start. */
  readonly warnings: readonly string[];
}

/** All that is wrong with the settings, one plain sentence each. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `Roundhouse cannot start with these settings:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * Reads, validates and freezes the settings from the environment and, below it, a `.env` file.
 * @throws ConfigError listing every fault
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return resolveConfig({ ...readDotEnv(), ...env });
}

/** The same as loadConfig, from the given variables alone. */
export function resolveConfig(given: NodeJS.ProcessEnv): Config {
  const { env, faults: fileFaults } = withSecretFiles(given);
  const { values, faults } = readEnvironment(env);
  const said = faults.map((fault) => withOrigin(fault, given));
  const allFaults = [...fileFaults, ...said, ...(faults.length === 0 ? contradictionsIn(values) : [])];
  if (allFaults.length > 0) throw new ConfigError(allFaults);
  return deepFreeze(toConfig(values, env));
}

/** This process's environment with some variables replaced: what a child process is started with. */
export function childEnvironment(overrides: Record<string, string>): NodeJS.ProcessEnv {
  const files = Object.keys(overrides).map((name) => [fileVariable(name), ''] as const);
  return { ...process.env, ...Object.fromEntries(files), ...overrides };
}

function readDotEnv(): NodeJS.ProcessEnv {
  try {
    return parseEnv(readFileSync(resolve('.env'), 'utf8'));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // A folder of this name is somebody's Python.
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code)) return {};
    throw new ConfigError([`.env cannot be read (${code}): let this user read it, or take it away`]);
  }
}

function toConfig(values: Environment, env: NodeJS.ProcessEnv): Config {
  const url = values.DATABASE_URL ?? values.PROCRASTINATE_DATABASE_URL;
  const libpq = [env.PGHOST, env.PGPORT, env.PGDATABASE].some((value) => value);
  const source: DatabaseSource = url ? 'url' : libpq ? 'libpq' : 'embedded';
  return {
    processId: randomUUID(),
    role: process.argv.includes(ISOLATED_FLAG) ? 'isolated' : values.ROLE,
    home: resolve(values.ROUNDHOUSE_HOME),
    dataDir: resolve(values.DATA_DIR),
    database: {
      source,
      url,
      directUrl: values.DATABASE_DIRECT_URL ?? url,
      poolMax: values.DB_POOL_MAX,
    },
    http: {
      host: values.HOST,
      port: values.PORT,
      authMode: authModeFor(values.HOST, values.AUTH_MODE),
      browsers: {
        hosts: values.ALLOWED_HOSTS,
        origins: values.CORS_ORIGINS,
        hstsSeconds: values.HSTS_MAX_AGE,
      },
      maxPayloadBytes: values.MAX_PAYLOAD_BYTES,
      limits: httpLimitsOf(values),
      shutdownDelaySeconds: values.SHUTDOWN_DELAY,
    },
    oidc: issuerFrom(values),
    worker: {
      metricsPort: values.WORKER_METRICS_PORT,
      queues: values.WORKER_QUEUES,
      concurrency: values.WORKER_CONCURRENCY,
      shutdownSeconds: values.WORKER_TIMEOUT,
      deadAfterSeconds: values.STALLED_WORKER_TIMEOUT,
      canarySeconds: values.CANARY_INTERVAL,
      canaryTimeoutSeconds: values.CANARY_TIMEOUT,
    },
    jobs: {
      timeoutSeconds: values.JOB_TIMEOUT,
      idempotencySeconds: values.IDEMPOTENCY_TTL,
      deletes: values.DELETE_JOBS,
      retentionDays: values.RETENTION_DAYS,
      auditRetentionDays: values.AUDIT_RETENTION_DAYS,
      jitter: values.RETRY_JITTER,
      stalledAfterSeconds: values.STALLED_JOB_THRESHOLD,
      maxWaiting: values.QUEUE_MAX_WAITING,
      objective: values.DEFAULT_OBJECTIVE,
    },
    artifacts: { maxBytes: values.ARTIFACT_MAX_BYTES },
    jokes: {
      baseUrl: values.API_BASE_URL,
      maxAttempts: values.MAX_RETRIES,
      baseDelaySeconds: values.RETRY_BASE_DELAY,
      maxDelaySeconds: values.RETRY_MAX_DELAY,
    },
    egress: { allowHttp: values.HTTP_ALLOW_HTTP, allowPrivate: values.HTTP_ALLOW_PRIVATE },
    webhooks: {
      allowHttp: values.WEBHOOK_ALLOW_HTTP,
      allowPrivate: values.WEBHOOK_ALLOW_PRIVATE,
      retryDelays: values.WEBHOOK_RETRY_DELAYS,
      signingSecrets: values.WEBHOOK_SIGNING_SECRET,
    },
    secretsKeys: values.SECRETS_KEY,
    mail: { server: values.SMTP_URL, from: values.MAIL_FROM },
    periodic: {
      enabled: values.PERIODIC_TASKS_ENABLED,
      stalledCheckMinutes: values.STALLED_JOB_CHECK_INTERVAL,
    },
    logLevel: values.LOG_LEVEL,
    telemetry: {
      otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
      sentryDsn: values.SENTRY_DSN,
    },
    warnings: warningsFor(values, env),
  };
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  }
  return Object.freeze(value);
}
