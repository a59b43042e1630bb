import { type JobContext, JobHandler } from '../../../src/worker/index.js';
import { AnyPayload } from './payload.js';

/** Keeps the bytes it is given as a file. */
@JobHandler({ type: 'write_artifact', description: 'Writes a file.', payload: AnyPayload, example: {} })
export class WriteArtifactHandler {
  async run({ payload, artifacts }: JobContext<AnyPayload>): Promise<unknown> {
    const { name, content_type: contentType, base64 } = payload as Record<string, string>;
    return artifacts.write(String(name), String(contentType), Buffer.from(String(base64), 'base64'));
  }
}
