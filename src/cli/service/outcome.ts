import { EXIT_CODES } from '../exit-codes.js';

/** The exit code that tells how a job has ended; null = it has been deleted. */
export function exitCodeOf(status: string | null): number {
  if (status === 'COMPLETED') return EXIT_CODES.done;
  return status === 'CANCELLED' ? EXIT_CODES.cancelled : EXIT_CODES.failed;
}
