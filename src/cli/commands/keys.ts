import { childEnvironment, loadConfig } from '../../config/index.js';
import type { Command } from '../command.js';
import { UsageError } from '../usage.error.js';

const HOW = 'roundhouse keys create NAME --scopes SCOPES, roundhouse keys list, rotate ID, or revoke ID';

export const keys: Command = {
  operands: ['create|list|rotate|revoke', '[NAME|ID]'],
  extras: {
    scopes: {
      value: 'SCOPES',
      says: 'What a new key allows, separated by commas, such as jobs:read,jobs:submit@emails; admin = all.',
    },
    expires: {
      value: 'TIME',
      says: 'When a new key expires, such as 2030-01-31T00:00:00Z; never otherwise.',
    },
    'to-file': {
      value: 'FILE',
      says: 'A file for a new key, for its owner and group to read; one that holds an active key stays as it is.',
    },
    'if-none': { says: 'Make a key only if there is no active one.' },
    keep: { value: 'SECONDS', says: 'For how long a rotated key is accepted too; 86400 otherwise.' },
    json: { says: 'Print JSON.' },
  },
  checksOperands: true,
  examples: [
    {
      line: 'roundhouse keys create shop --scopes jobs:submit@emails,jobs:read',
      says: 'A key that submits to one queue.',
    },
    { line: 'roundhouse keys list', says: 'Who may call.' },
  ],
  async run(settings, extras, operands) {
    // Loaded late, for nobody should wait for it who only asks for help.
    const { keysRequest, manageKeys } = await import('./manage-keys.js');
    const request = keysRequest(operands, extras);
    if (!request) throw new UsageError(`Say what to do: ${HOW}.`);
    const config = loadConfig(childEnvironment(settings));
    const { startDatabase } = await import('../../launcher/database.js');
    const database = await startDatabase(config, (line) => process.stderr.write(`${line}\n`));
    try {
      process.stdout.write(await manageKeys(database.config, request, { asJson: extras.json !== undefined }));
      return 0;
    } finally {
      await database.stop();
    }
  },
};
