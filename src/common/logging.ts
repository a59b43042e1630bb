import type { LoggerService } from '@nestjs/common';
import { type Logger as PinoLogger, pino } from 'pino';
import pretty from 'pino-pretty';

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
  'authorization',
  'cookie',
  'password',
  'token',
  'secret',
  'DATABASE_URL',
  'SMTP_URL',
].flatMap((key) => [key, `*.${key}`]);

/** The process's log: one JSON line an event, or readable lines on a terminal. */
export function createLog(level: string, role: string): PinoLogger {
  const options = { level, base: { role, pid: process.pid }, redact: SECRETS };
  if (!process.stdout.isTTY) return pino(options);
  return pino(
    options,
    pretty({ sync: true, singleLine: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss.l' }),
  );
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
      ...(stack ? { stack } : {}),
      ...(error ? { err: error } : {}),
    };
    this.pino[level](fields, error ? error.message : String(message));
  }
}
