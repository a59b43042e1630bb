import type { Command } from './command.js';
import { audit } from './commands/audit.js';
import { doctor } from './commands/doctor.js';
import { generate } from './commands/generate.js';
import { keys } from './commands/keys.js';
import { migrate } from './commands/migrate.js';
import { serve } from './commands/serve.js';
import { worker } from './commands/worker.js';

/** Every command, in the order the help shows them. */
export const commands: readonly Command[] = [serve, worker, migrate, keys, doctor, audit, generate];
