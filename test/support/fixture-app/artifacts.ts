import { type JobContext, JobHandler } from '../../../src/worker/index.js';
import { AnyPayload } from './payload.js';

/** Keeps `bytes` zeros as a file, or what it is given as `base64`. */
@JobHandler({ type: 'write_artifact', description: 'Writes a file.', payload: AnyPayload, example: {} })
export class WriteArtifactHandler {
  async run({ payload, artifacts }: JobContext<AnyPayload>): Promise<unknown> {
    const { name, content_type: contentType, bytes, base64 } = payload;
    const content = bytes ? Buffer.alloc(Number(bytes)) : Buffer.from(String(base64), 'base64');
    return artifacts.write(String(name), String(contentType), content);
  }
}
