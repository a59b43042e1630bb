import type { EXIT_CODES } from './exit-codes.js';

type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** The command could not do what it was asked for; the message says why, and what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
