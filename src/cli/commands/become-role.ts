import { fileURLToPath } from 'node:url';
import { childEnvironment } from '../../config/index.js';
import { UsageError } from '../usage.error.js';

const MAIN = fileURLToPath(new URL('../../main.js', import.meta.url));

/**
 * Goes on as a process of this role, under the same process id: signals and exit codes need no go-between,
 * and the service starts in exactly one way.
 */
export function becomeRole(
  role: 'api' | 'worker',
  settings: Record<string, string>,
  flags: readonly string[] = [],
): never {
  if (!process.execve) throw new UsageError(`This system cannot do that: use npm run start:${role}.`);
  const args = [process.execPath, '--enable-source-maps', MAIN, ...flags];
  return process.execve(process.execPath, args, childEnvironment({ ...settings, ROLE: role }));
}
