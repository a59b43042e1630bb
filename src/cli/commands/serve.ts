import type { Command } from '../command.js';
import { becomeRole } from './become-role.js';

export const serve: Command = {
  name: 'serve',
  summary: 'Run the HTTP API.',
  options: { host: 'HOST', port: 'PORT' },
  run: async (settings) => becomeRole('api', settings),
};
