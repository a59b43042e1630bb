import { CliError } from '../cli.error.js';
import { EXIT_CODES } from '../exit-codes.js';
import { terminal } from '../output/terminal.js';

/**
 * Does something with one thing after the other. One that is refused is told and keeps none of the others from its turn;
 * where the service is away, or the key is wrong, there is no use in going on.
 * @returns the exit code
 */
export async function each(names: readonly string[], work: (name: string) => Promise<void>): Promise<number> {
  let code: number = EXIT_CODES.done;
  for (const name of names) {
    try {
      await work(name);
    } catch (error) {
      if (!(error instanceof CliError && error.exitCode === EXIT_CODES.failed)) throw error;
      terminal.note(names.length > 1 ? `${name}: ${error.message}` : error.message);
      code = EXIT_CODES.failed;
    }
  }
  return code;
}
