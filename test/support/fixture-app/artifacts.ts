import { buffer } from 'node:stream/consumers';
import { type JobContext, JobHandler } from '../../../src/worker/index.js';
import { AnyPayload } from './payload.js';

interface Wanted {
  readonly name: string;
  readonly type?: string;
  readonly text?: string;
  /** Of as many bytes, piece by piece. */
  readonly bytes?: number;
}

interface Payload {
  readonly files?: readonly Wanted[];
  readonly fails?: boolean;
  /** Another job, and the file of it that is read. */
  readonly of?: string;
  readonly read?: string;
}

/** Writes the files that the payload names, then goes on as it says. */
async function run(job: JobContext<AnyPayload>): Promise<unknown> {
  const { write, open, list } = job.artifacts;
  const { files = [], read = '', of, fails } = job.payload as Payload;
  for (const { name, type = 'text/plain', text, bytes = 0 } of files)
    await write(name, type, text ?? pieces(bytes));
  if (fails) throw new Error('after its files');
  if (of === undefined) return { pid: process.pid };
  const { content } = await open(of, read);
  const names = (await list(of)).map(({ name }) => name);
  return { names, bytes: (await buffer(content)).byteLength, result: await job.resultOf(of) };
}

async function* pieces(bytes: number): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < bytes; sent += 65_536)
    yield Buffer.alloc(Math.min(65_536, bytes - sent), 'roundhouse');
}

@JobHandler({ type: 'files', description: 'Writes files.', payload: AnyPayload, example: {} })
export class FilesHandler {
  readonly run = run;
}

@JobHandler({
  type: 'files_alone',
  description: 'The same.',
  payload: AnyPayload,
  example: {},
  isolate: true,
})
export class FilesAloneHandler {
  readonly run = run;
}
