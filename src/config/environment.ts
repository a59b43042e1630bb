import { cleanEnv, str } from 'envalid';
import { httpVariables } from './http-variables.ts';
import { issuerVariables } from './issuer-variables.ts';
import { objective } from './objective.ts';
import {
  daysOrNever,
  httpUrl,
  integerIn,
  mailServer,
  mailbox,
  numberIn,
  oneOf,
  postgresUrl,
  seconds,
  secretsKeys,
  sentryDsn,
  truth,
  webhookSecrets,
  workerQueues,
} from './validators.ts';

const port = integerIn({ min: 0, max: 65_535 });

/** Every variable Roundhouse reads: how it is parsed, its default, and what it means. */
export const variables = {
  DATABASE_URL: postgresUrl({
    default: undefined,
    desc: 'The PostgreSQL to use (14 or newer). Without it, and without PGHOST, PGPORT or PGDATABASE, an embedded PostgreSQL is started.',
  }),
  PROCRASTINATE_DATABASE_URL: postgresUrl({ default: undefined, desc: 'Another name for DATABASE_URL.' }),
  DATABASE_DIRECT_URL: postgresUrl({
    default: undefined,
    desc: 'A way to the database past a connection pooler, for LISTEN and migrations. Default: DATABASE_URL.',
  }),
  DB_POOL_MAX: integerIn({ min: 8, max: 500 })({
    default: 20,
    desc: 'All database connections of one process.',
  }),
  ROUNDHOUSE_HOME: str({
    default: '.roundhouse',
    desc: 'The folder where the embedded PostgreSQL keeps its data.',
  }),
  ROLE: oneOf('all', 'api', 'worker')({ default: 'all', desc: 'What this process is: all, api or worker.' }),
  HOST: str({ default: '127.0.0.1', desc: 'The address the API listens on.' }),
  PORT: port({ default: 8000, desc: 'The port the API listens on; 0 takes a free one.' }),
  SHUTDOWN_DELAY: numberIn({ min: 0, max: 300 })({
    default: undefined,
    desc: 'Seconds for which a stopping API still answers while `/health/ready` is 503, so that load balancers look elsewhere first. Default: 3, under `npm start` 0.',
  }),
  AUTH_MODE: oneOf(
    'open',
    'keys',
  )({
    default: undefined,
    desc: 'Who may call the API: `open` (everybody who can reach it) or `keys` (whoever has an API key). Default: open on loopback, else keys.',
  }),
  ...httpVariables,
  ...issuerVariables,
  WORKER_METRICS_PORT: port({
    default: 8001,
    desc: "The port of the worker's /metrics and /health; busy takes a free one and says so, 0 switches it off.",
  }),
  WORKER_QUEUES: workerQueues({
    default: [{ queue: '*', slots: undefined }],
    desc: 'Which queues to work: all, a list (emails,reports), or a list with slots of their own (emails:5,*:10).',
  }),
  WORKER_CONCURRENCY: integerIn({ min: 1, max: 1000 })({
    default: 10,
    desc: 'How many jobs one worker runs at a time.',
  }),
  WORKER_TIMEOUT: numberIn({ min: 0, max: 86_400 })({
    default: 30,
    desc: 'Seconds a stopping worker waits for its running jobs before it aborts them.',
  }),
  JOB_TIMEOUT: integerIn({ min: 1, max: 86_400 })({
    default: 300,
    desc: 'Seconds an attempt may run, for job types that do not say.',
  }),
  MAX_RETRIES: integerIn({ min: 1, max: 1000 })({
    default: 5,
    desc: 'How often a joke job may be executed in all.',
  }),
  RETRY_BASE_DELAY: numberIn({ min: 0, max: 86_400 })({
    default: 2,
    desc: 'Seconds before the first retry of a joke job; each further wait doubles.',
  }),
  RETRY_MAX_DELAY: numberIn({ min: 0, max: 2_592_000 })({
    default: 300,
    desc: 'Seconds that no wait between retries of a joke job exceeds.',
  }),
  RETRY_JITTER: numberIn({ min: 0, max: 1 })({
    default: 0.1,
    desc: 'The fraction of a wait that may be added to it at random; 0 keeps the exact table.',
  }),
  STALLED_JOB_CHECK_INTERVAL: integerIn({ min: 1, max: 60 })({
    default: 10,
    desc: 'Minutes between two periodic checks for stalled jobs; a divisor of 60.',
  }),
  STALLED_JOB_THRESHOLD: integerIn({ min: 2, max: 604_800 })({
    default: 600,
    desc: 'Seconds after which a running job counts as stalled; must exceed JOB_TIMEOUT.',
  }),
  STALLED_WORKER_TIMEOUT: integerIn({ min: 5, max: 3600 })({
    default: 30,
    desc: 'Seconds without a sign of life after which a worker counts as dead and its jobs run again.',
  }),
  DEFAULT_OBJECTIVE: objective({
    default: undefined,
    desc: 'How soon jobs are to start in queues that have no objective of their own, such as `95% in 10s`; the same for API and workers. Default: none.',
  }),
  CANARY_INTERVAL: integerIn({ min: 0, max: 3600 })({
    default: 60,
    desc: 'Seconds between two canaries by which a worker that has nothing to do proves that it could take a job; 0 = none.',
  }),
  CANARY_TIMEOUT: integerIn({ min: 5, max: 3600 })({
    default: 30,
    desc: 'Seconds after which a worker that lives, has free slots and cannot take jobs is reported as taking nothing.',
  }),
  API_BASE_URL: httpUrl({ default: 'https://api.chucknorris.io', desc: 'Where jokes are fetched.' }),
  HTTP_ALLOW_HTTP: truth({
    default: false,
    desc: 'Whether `http_request` and `process_data` jobs may use plain `http://`, and port 8080, beside `https://`.',
  }),
  HTTP_ALLOW_PRIVATE: truth({
    default: false,
    desc: 'Whether `http_request` and `process_data` jobs may reach loopback and private addresses (127/8, 10/8, 172.16/12, 192.168/16, ::1, fc00::/7), on any port: for development and tests. Cloud metadata, link-local, multicast and unspecified addresses stay forbidden.',
  }),
  WEBHOOK_ALLOW_HTTP: truth({
    default: false,
    desc: 'Whether webhooks and callbacks may use plain `http://`, and port 8080, beside `https://`.',
  }),
  WEBHOOK_ALLOW_PRIVATE: truth({
    default: false,
    desc: 'Whether webhooks and callbacks may go to loopback and private addresses, on any port. Cloud metadata, link-local, multicast and unspecified addresses stay forbidden.',
  }),
  WEBHOOK_RETRY_DELAYS: seconds({
    default: [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400],
    desc: 'Seconds before the second, third … try of a webhook delivery, separated by commas; RETRY_JITTER adds to each. After the last it has failed. Default: 5 s to 24 h, ten tries in three days.',
  }),
  WEBHOOK_SIGNING_SECRET: webhookSecrets({
    default: [],
    desc: 'What callbacks (`callback_url`) are signed with: `whsec_` and base64 of 24 to 64 bytes, the same for API and workers. Two, separated by a comma, sign each by itself while receivers change over.',
  }),
  SECRETS_KEY: secretsKeys({
    default: [],
    desc: 'The key under which secrets of webhooks are stored, and API keys told by: base64 of 32 bytes, the same for API and workers. Older keys after it, separated by commas, still open what they sealed. Default: a key of its own, made at the first use, in the file `secrets.key` in ROUNDHOUSE_HOME.',
  }),
  SMTP_URL: mailServer({
    default: undefined,
    desc: 'The mail server that `send_email` hands mails to: `smtp://` (STARTTLS where the server offers it, and always before a password) or `smtps://user:password@host:port`.',
  }),
  MAIL_FROM: mailbox({
    default: undefined,
    desc: 'The sender of mails that name none, such as `Roundhouse <jobs@example.org>`.',
  }),
  PERIODIC_TASKS_ENABLED: truth({ default: true, desc: 'Whether the periodic tasks are enqueued.' }),
  DELETE_JOBS: oneOf(
    'never',
    'successful',
    'always',
  )({
    default: 'never',
    desc: 'Which finished jobs are deleted after RETENTION_DAYS: never, successful (COMPLETED and CANCELLED) or always (FAILED too). What waits or runs is never deleted.',
  }),
  RETENTION_DAYS: integerIn({ min: 1, max: 36_500 })({
    default: 30,
    desc: 'Days after which a finished job, its history and its logs are deleted, if DELETE_JOBS says so.',
  }),
  AUDIT_RETENTION_DAYS: daysOrNever({
    default: 365,
    desc: 'Days after which a record of the audit log is deleted, 30 or more; `never` keeps all of them.',
  }),
  IDEMPOTENCY_TTL: integerIn({ min: 60, max: 31_536_000 })({
    default: 604_800,
    desc: 'Seconds for which an idempotency key answers at least; as long as its job exists it does anyway.',
  }),
  MAX_PAYLOAD_BYTES: integerIn({ min: 1024, max: 33_554_432 })({
    default: 1_048_576,
    desc: 'The largest body of a submission, in bytes.',
  }),
  DATA_DIR: str({
    default: '.roundhouse/data',
    desc: 'The folder for files that jobs read, and for those they produce, above 1 MiB each; API and workers share it.',
  }),
  ARTIFACT_MAX_BYTES: integerIn({ min: 1024, max: 1_099_511_627_776 })({
    default: 1_073_741_824,
    desc: 'The largest file that a job may produce, in bytes.',
  }),
  LOG_LEVEL: oneOf(
    'trace',
    'debug',
    'info',
    'warn',
    'error',
    'fatal',
    'silent',
  )({
    default: 'info',
    desc: 'The least severe log line that is written.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl({
    default: undefined,
    desc: 'Where traces are sent: a collector that speaks OTLP over HTTP, such as `http://127.0.0.1:4318`. Without it nothing is traced, and nothing of OpenTelemetry is loaded.',
  }),
  SENTRY_DSN: sentryDsn({
    default: undefined,
    desc: 'Where faults are reported: the DSN of a Sentry project. Without it nothing is reported, and nothing of Sentry is loaded.',
  }),
};

/** Reads the variables; faults are handed over together, so that a user sees all of them at once. */
export function readEnvironment(env: NodeJS.ProcessEnv) {
  const faults: string[] = [];
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const values = cleanEnv(present, variables, {
    reporter: ({ errors }) => {
      for (const [name, error] of Object.entries(errors)) faults.push(`${name} ${messageOf(error)}`);
    },
  });
  return { values, faults };
}

export type Environment = ReturnType<typeof readEnvironment>['values'];

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
