import { KEYS_ONLY } from '../keys.js';
import { CALLBACK_SECRETS } from '../receiver.js';
import type { App } from '../start-app.js';
import type { Place } from './place.js';

/** What a document takes for granted, beside a service with a worker and an empty database. */
interface Setting {
  /** It shows `npm start` itself, and nothing runs before. */
  readonly startsItself?: true;
  /** Queues that have had a job, and so are there. */
  readonly queues?: readonly string[];
  /** Settings of API and worker. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Sees to what is there already, and answers with the variables that a reader has set. */
  prepare?(app: App, folder: string): Promise<Record<string, string>>;
  /** Variables for single blocks, by how their first lines begin. */
  readonly forBlocks?: Readonly<Record<string, (place: Place) => Record<string, string>>>;
}

/** By the path of the document; one that is not here needs nothing. */
export const SETTINGS: Readonly<Record<string, Setting | undefined>> = {
  'README.md': {
    startsItself: true,
    forBlocks: {
      'npm run migrate': ({ database }) => ({ DATABASE_URL: database.url, PORT: '0' }),
    },
  },
  'docs/api-limits.md': { queues: ['default'] },
  'docs/audit-log.md': { queues: ['emails'], environment: KEYS_ONLY },
  'docs/dead-letters.md': {
    // No mail server is known to it.
    prepare: async ({ client, jobWith }) => {
      const payload = { to: ['ada@example.org'], subject: 'Welcome', text: 'Hello Ada.' };
      const { body } = await client.post('/tasks/send_email', payload);
      await jobWith('FAILED', body.job_id);
      return {};
    },
  },
  'docs/limits.md': { queues: ['emails'] },
  'docs/objectives.md': { queues: ['default'] },
  'docs/observability.md': { startsItself: true },
  'docs/webhooks.md': { environment: { WEBHOOK_SIGNING_SECRET: CALLBACK_SECRETS[0] } },
};

/** How a block ends where it does not end well, by document and how the first line begins. */
export const EXIT_CODES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  // The server of the tests may lose what it has written.
  'docs/doctor.md': { '$ npx roundhouse doctor': 1 },
};
