import type { Command } from '../command.js';
import { becomeRole } from './become-role.js';

export const serve: Command = {
  options: { host: 'HOST', port: 'PORT' },
  examples: [
    { line: 'roundhouse serve --port 9000', says: 'On another port than 8000, until it is told to stop.' },
  ],
  run: async (settings) => becomeRole('api', settings),
};
