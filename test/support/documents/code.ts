/** What the reader of a piece of code knows from the text around it. */
export interface Surroundings {
  readonly document: string;
  /** How the code begins. */
  readonly begins: string;
  /** Where it stands, if that is told; else in a file of its own beside this one. */
  readonly path?: string;
  readonly before?: string;
  readonly after?: string;
}

const HANDLER = `import { type JobContext, JobHandler, type JobHandlerOptions } from '../../../src/worker/index.js';
declare const shown: Pick<JobHandlerOptions, 'description' | 'payload' | 'example'>;
class RenderPayload {}
class HttpError extends Error {}
`;

const JOB = `import type { EntityManager } from 'typeorm';
import type { JobContext } from '../../../src/worker/index.js';
declare const job: JobContext<object>;
declare const otherId: string, otherJobId: string;
declare function rows(): AsyncIterable<Uint8Array>;
declare function rowsAsBytes(): AsyncIterable<Uint8Array>;
class Invoice { id: string }
declare const invoice: Invoice;
`;

export const SURROUNDINGS: readonly Surroundings[] = [
  {
    document: 'README.md',
    begins: 'await dataSource.transaction',
    before: `import type { DataSource } from 'typeorm';
import type { QueueService } from '../../../src/queue/index.js';
declare const dataSource: DataSource, queue: QueueService, order: { id: string };
`,
  },
  {
    document: 'CONTRIBUTING.md',
    begins: "import { Text } from '../../common/http/index.js';",
    path: 'src/tasks/count-words/count-words.payload.ts',
  },
  {
    document: 'CONTRIBUTING.md',
    begins: 'import { type JobContext, JobHandler }',
    path: 'src/tasks/count-words/count-words.handler.ts',
  },
  {
    document: 'CONTRIBUTING.md',
    begins: '/** Gives a limited API time',
    before: `import { Injectable } from '@nestjs/common';
import type { BackoffStrategy, CustomPolicy, JobError, RetryDecision } from '../../../src/queue/index.js';
import { BackoffStrategyProvider } from '../../../src/worker/index.js';
`,
  },
  {
    document: 'CONTRIBUTING.md',
    begins: '@JobMiddleware({ order: -10 })',
    before: `import { type JobContext, JobMiddleware, type MiddlewareRunnable } from '../../../src/worker/index.js';
`,
  },
  ...[
    ['CONTRIBUTING.md', "@JobHandler({ type: 'call'"],
    ['CONTRIBUTING.md', "@JobHandler({ type: 'render'"],
    ['docs/security.md', "@JobHandler({ type: 'pay'"],
  ].map(([document = '', begins = '']) => ({
    document,
    begins,
    before: HANDLER,
    after: 'export class Shown { async run(): Promise<void> {} }',
  })),
  {
    document: 'CONTRIBUTING.md',
    begins: "job.log('warn', 'No such customer')",
    before: `${JOB}export async function run(): Promise<unknown> {\n`,
    after: '}',
  },
  { document: 'docs/artifacts.md', begins: 'await job.artifacts.write', before: JOB },
  {
    document: 'docs/dead-letters.md',
    begins: '@JobHandler({',
    before: `import { type JobContext, JobHandler } from '../../../src/worker/index.js';
import { DeadLetterPayload } from '../fixture-app/dead-letter.handler.js';
class Chat { async post(_text: string): Promise<void> {} }
`,
  },
  {
    document: 'docs/moving-from-bullmq.md',
    begins: "// new Worker('paint'",
    before: `import { type JobContext, JobHandler } from '../../../src/worker/index.js';
class PaintPayload { colour: string }
declare function paint(payload: PaintPayload, signal: AbortSignal): Promise<string>;
`,
  },
  {
    document: 'docs/workflows.md',
    begins: 'async run(job: JobContext<Payload>)',
    before: `import type { JobContext } from '../../../src/worker/index.js';
interface Payload { day: string }
export class Shown {
`,
    after: '}',
  },
];

/** By the test of the client's package. */
const BY_CLIENT = [
  ['README.md', 'js'],
  ['clients/typescript/README.md', 'js'],
  ['clients/typescript/README.md', 'ts'],
].map(([document = '', language = '']) => ({
  document,
  language,
  test: 'test/acceptance/client-package.test.ts',
}));

/** Code that a test runs as it stands in the document. */
export const RUN_BY: readonly { document: string; test: string; language: string }[] = [
  ...BY_CLIENT,
  { document: 'docs/testing.md', language: 'ts', test: 'test/examples/documented.test.ts' },
  { document: 'docs/webhooks.md', language: 'js', test: 'test/acceptance/documented-receivers.test.ts' },
  { document: 'docs/webhooks.md', language: 'python', test: 'test/acceptance/documented-receivers.test.ts' },
];
