import { makeValidator } from 'envalid';
import { type Mailbox, parseMailbox } from '../common/mailbox.ts';
import { QUEUE_NAME } from '../common/queue-name.ts';
import { type MailServer, parseMailServer } from './mail-server.ts';

/** The numbers a variable may take; both ends belong to the range. */
interface Range {
  readonly min: number;
  readonly max: number;
}

/** A whole number within a range. */
export const integerIn = ({ min, max }: Range) =>
  makeValidator<number>((input) => {
    const value = Number(input);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new Error(`must be a whole number from ${min} to ${max}, not "${input}"`);
    }
    return value;
  });

/** Any finite number within a range. */
export const numberIn = ({ min, max }: Range) =>
  makeValidator<number>((input) => {
    const value = Number(input);
    if (input.trim() === '' || !Number.isFinite(value) || value < min || value > max) {
      throw new Error(`must be a number from ${min} to ${max}, not "${input}"`);
    }
    return value;
  });

/** One word out of a fixed list, in any case. */
export const oneOf = <T extends string>(...choices: readonly T[]) =>
  makeValidator<T>((input) => {
    const choice = choices.find((candidate) => candidate === input.toLowerCase());
    if (!choice) throw new Error(`must be one of ${choices.join(', ')}, not "${input}"`);
    return choice;
  });

/** `true` or `false`, also as 1 and 0, yes and no, on and off. */
export const truth = makeValidator<boolean>((input) => {
  const word = String(input).toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(word)) return true;
  if (['false', '0', 'no', 'off'].includes(word)) return false;
  throw new Error(`must be true or false, not "${input}"`);
});

/** A PostgreSQL connection URL; the `+driver` suffix that SQLAlchemy writes is dropped. */
export const postgresUrl = makeValidator<string>((input) => {
  const url = input.replace(/^(postgres(?:ql)?)\+[a-z0-9_]+:/i, '$1:');
  if (!/^postgres(ql)?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new Error('must look like postgresql://user:password@host:5432/database');
  }
  return url;
});

/** An http or https URL, without a trailing slash. */
export const httpUrl = makeValidator<string>((input) => {
  if (!/^https?:\/\//i.test(input) || !URL.canParse(input)) {
    // What stands before an @ may be a password.
    throw new Error(`must be an http or https URL${input.includes('@') ? '' : `, not "${input}"`}`);
  }
  return input.replace(/\/+$/, '');
});

/** Where a Sentry project takes reports; what is wrong is said without its key. */
export const sentryDsn = makeValidator<string>((input) => {
  if (!/^https?:\/\/[^/:@]+@[^/]+\/(.+\/)?\d+$/.test(input) || !URL.canParse(input)) {
    throw new Error('must look like https://key@host/project-number');
  }
  return input;
});

const MOST_DELAYS = 50;
const LONGEST_DELAY = 7 * 86_400;

/** Waits in seconds, separated by commas. */
export const seconds = makeValidator<readonly number[]>((input) => {
  const delays = listOf(input).map(Number);
  if (delays.length === 0 || delays.length > MOST_DELAYS || !delays.every(isDelay)) {
    throw new Error(
      `must be 1 to ${MOST_DELAYS} numbers from 0 to ${LONGEST_DELAY}, separated by commas, not "${input}"`,
    );
  }
  return delays;
});

function isDelay(value: number): boolean {
  return value >= 0 && value <= LONGEST_DELAY;
}

/** Secrets of Standard Webhooks; what is wrong is said without them. */
export const webhookSecrets = makeValidator<readonly string[]>((input) => {
  const secrets = listOf(input);
  const bytesOf = (secret: string) => (secret.startsWith('whsec_') ? bytesIn(secret.slice(6)) : 0);
  if (secrets.length > 2 || secrets.some((secret) => bytesOf(secret) < 24 || bytesOf(secret) > 64)) {
    throw new Error(
      'must be whsec_ and base64 of 24 to 64 bytes, or two of these separated by a comma: make one by echo whsec_$(openssl rand -base64 32)',
    );
  }
  return secrets;
});

/** Keys of AES-256 in base64; what is wrong is said without them. */
export const secretsKeys = makeValidator<readonly string[]>((input) => {
  const keys = listOf(input);
  if (keys.some((key) => bytesIn(key) !== 32)) {
    throw new Error(
      'must be base64 of 32 bytes, older keys after it separated by commas: make one by openssl rand -base64 32',
    );
  }
  return keys;
});

/** How many days the audit log goes back at least: the database deletes nothing that is younger. */
const LEAST_AUDIT_DAYS = 30;

/** Days, or null for ever. */
export const daysOrNever = makeValidator<number | null>((input) => {
  if (input.trim().toLowerCase() === 'never') return null;
  const days = Number(input);
  if (Number.isInteger(days) && days >= LEAST_AUDIT_DAYS && days <= 36_500) return days;
  throw new Error(
    `must be a whole number of days from ${LEAST_AUDIT_DAYS} to 36500, or never, not "${input}"`,
  );
});

/** What stands between the commas. */
export function listOf(input: string): string[] {
  return input
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** How many bytes a text in base64 says; 0 when it is none. */
function bytesIn(text: string): number {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64').length : 0;
}

/** Where mails are handed in; what is wrong with it is said without its password. */
export const mailServer = makeValidator<MailServer>(parseMailServer);

/** A sender of mails. */
export const mailbox = makeValidator<Mailbox>((input) => {
  const read = parseMailbox(input);
  if (!read)
    throw new Error(
      `must be an address such as jobs@example.org or "Jobs <jobs@example.org>", not "${input}"`,
    );
  return read;
});

/** The queues one set of slots serves; `*` stands for every queue that no other pool names. */
export interface WorkerPoolConfig {
  readonly queue: string;
  /** Slots of this queue's own; undefined = the queue shares `WORKER_CONCURRENCY` with the others. */
  readonly slots: number | undefined;
}

/** `all`, `emails,reports`, or with slots of their own `emails:5,reports:2,*:10`. */
export const workerQueues = makeValidator<readonly WorkerPoolConfig[]>((input) => {
  if (input.trim().toLowerCase() === 'all') return [{ queue: '*', slots: undefined }];
  const pools = input.split(',').map((part) => parsePool(part.trim()));
  const names = new Set(pools.map((pool) => pool.queue));
  if (names.size < pools.length) throw new Error('names a queue twice');
  const withSlots = pools.filter((pool) => pool.slots !== undefined).length;
  if (withSlots !== 0 && withSlots !== pools.length) {
    throw new Error('gives slots to some queues only; write them for all (emails:5,*:10) or for none');
  }
  return pools;
});

function parsePool(part: string): WorkerPoolConfig {
  const [queue = '', slots, ...rest] = part.split(':');
  const known = queue === '*' || QUEUE_NAME.test(queue);
  const count = slots === undefined ? undefined : Number(slots);
  const countIsValid = count === undefined || (Number.isInteger(count) && count >= 1 && count <= 1000);
  if (!known || rest.length > 0 || !countIsValid) {
    throw new Error(`"${part}" is not a queue name, nor a name with 1 to 1000 slots such as emails:5`);
  }
  return { queue, slots: count };
}
