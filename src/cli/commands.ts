import type { Entry } from './command.js';
import { serviceCommands } from './service-commands.js';

/** Every command, in the order the help shows them. What a command needs is loaded when it is called. */
export const commands: readonly Entry[] = [
  {
    name: 'serve',
    summary: 'Run the HTTP API.',
    load: async () => (await import('./commands/serve.js')).serve,
  },
  {
    name: 'worker',
    summary: 'Run a worker.',
    load: async () => (await import('./commands/worker.js')).worker,
  },
  {
    name: 'migrate',
    summary: 'Bring the database up to date. Safe to run again, and from several places at once.',
    load: async () => (await import('./commands/migrate.js')).migrate,
  },
  ...serviceCommands,
  {
    name: 'keys',
    summary: 'Make, list, rotate and revoke the keys with which the API is called.',
    load: async () => (await import('./commands/keys.js')).keys,
  },
  {
    name: 'doctor',
    summary:
      'Look for what is wrong with the database, and say what to do. Exit code 1 when something must be done.',
    load: async () => (await import('./commands/doctor.js')).doctor,
  },
  {
    name: 'audit',
    summary: 'Check that every job is where it must be, on a live database. Exit code 1 when one is not.',
    load: async () => (await import('./commands/audit.js')).audit,
  },
  {
    name: 'generate',
    summary: 'Write the files of a new job type: payload, handler and test, in src/tasks.',
    load: async () => (await import('./commands/generate.js')).generate,
  },
  {
    name: 'completion',
    summary: 'Print what makes a shell complete commands, options and names.',
    load: async () => (await import('./commands/completion.js')).completion,
  },
];
