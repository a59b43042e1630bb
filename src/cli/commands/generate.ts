import { fileURLToPath } from 'node:url';
import { projectFolder } from '../../common/index.js';
import { resolveConfig } from '../../config/index.js';
import type { Command } from '../command.js';
import { UsageError } from '../usage.error.js';

const HOW = 'roundhouse generate task NAME [--queue QUEUE]';

export const generate: Command = {
  operands: ['task', 'NAME'],
  extras: { queue: { value: 'QUEUE', says: 'The queue its jobs wait in; default otherwise.' } },
  checksOperands: true,
  examples: [],
  async run(_settings, { queue }, [what, name, ...more]) {
    if (what !== 'task' || name === undefined || more.length > 0) {
      throw new UsageError(`Say what to generate and how to call it: ${HOW}.`);
    }
    // Loaded late, for nobody should wait for it who only asks for help.
    const { generateTask } = await import('../generate/generate-task.js');
    const root = fileURLToPath(projectFolder(new URL('.', import.meta.url)));
    const files = await generateTask(root, { name, queue, takenNames });
    process.stdout.write(`${files.map((file) => `Wrote ${file}\n`).join('')}${nextSteps(name)}`);
    return 0;
  },
};

/** Every type and alias of this build. */
async function takenNames(): Promise<string[]> {
  const { createApi } = await import('../../api-application.js');
  const { declaredJobTypes } = await import('../../worker/index.js');
  const config = resolveConfig({});
  const app = await createApi(config, { preview: true });
  return declaredJobTypes(app, config).flatMap(({ type, aliases = [] }) => [type, ...aliases]);
}

function nextSteps(name: string): string {
  return `Say in them what the job is given and does, then: npm run openapi, npm test -- ${name.replaceAll('_', '-')}, npm start.\n`;
}
