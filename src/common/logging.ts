import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type LoggerOptions, type Logger as PinoLogger, pino } from 'pino';
import pretty from 'pino-pretty';
import { currentLogFields } from './log-fields.js';
import { toLoggedError, withoutSecrets } from './log-secrets.js';

/** Nest's own chatter while it starts: true, but of no use to an operator. */
const FRAMEWORK_CONTEXTS = new Set([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'NestApplication',
  'NestApplicationContext',
]);

/** Values that must never reach a log, wherever they turn up in a logged object. */
const SECRETS = [
  'password',
  'token',
  'lease_token',
  'secret',
  'apiKey',
  'api_key',
  'payload',
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'PROCRASTINATE_DATABASE_URL',
  'PGPASSWORD',
  'SMTP_URL',
  'SECRETS_KEY',
  'WEBHOOK_SIGNING_SECRET',
  'SENTRY_DSN',
  'authorization',
  'Authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
].flatMap((key) => [`["${key}"]`, `*["${key}"]`]);

/** Headers stand a level deeper, in requests and answers; a level more of everything would double what a line costs. */
const HEADERS = [
  '*.headers.authorization',
  '*.headers.cookie',
  '*.headers["set-cookie"]',
  '*.headers["x-api-key"]',
];

/** The process's log: one JSON line an event, or readable lines on a terminal. */
export function createLog(level: string, role: string): PinoLogger {
  const to = process.stdout.isTTY
    ? pretty({ sync: true, singleLine: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss.l' })
    : undefined;
  return logTo(to, level, role);
}

/** The same, to another stream. */
export function logTo(stream: DestinationStream | undefined, level: string, role: string): PinoLogger {
  const options: LoggerOptions = {
    level,
    base: { role, pid: process.pid },
    redact: [...SECRETS, ...HEADERS],
    mixin: currentLogFields,
    serializers: { err: toLoggedError },
  };
  return stream ? pino(options, stream) : pino(options);
}

/** Lets everything that logs through Nest end up in the process's log. */
export class NestLog implements LoggerService {
  constructor(private readonly pino: PinoLogger) {}

  log(message: unknown, context?: string): void {
    if (!FRAMEWORK_CONTEXTS.has(context ?? '')) this.write('info', message, context);
  }

  warn(message: unknown, context?: string): void {
    this.write('warn', message, context);
  }

  debug(message: unknown, context?: string): void {
    this.write('debug', message, context);
  }

  verbose(message: unknown, context?: string): void {
    this.write('trace', message, context);
  }

  /** Nest passes (message, stack, context), or (message, context). */
  error(message: unknown, ...rest: (string | undefined)[]): void {
    const context = rest.at(-1);
    // It also throws what it logs, and whoever catches that knows what to tell a person.
    if (context === 'NestApplication') return;
    const stack = rest.length > 1 ? rest[0] : undefined;
    this.write('error', message, context, stack);
  }

  fatal(message: unknown, context?: string): void {
    this.write('fatal', message, context);
  }

  private write(
    level: 'info' | 'warn' | 'debug' | 'trace' | 'error' | 'fatal',
    message: unknown,
    context?: string,
    stack?: string,
  ): void {
    const error = message instanceof Error ? message : undefined;
    const fields = {
      ...(context ? { context } : {}),
      ...(stack ? { stack: withoutSecrets(stack) } : {}),
      ...(error ? { err: error } : {}),
    };
    this.pino[level](fields, withoutSecrets(error ? error.message : String(message)));
  }
}
