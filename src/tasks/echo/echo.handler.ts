import { type JobContext, JobHandler } from '../../worker/index.js';
import { EchoPayload } from './echo.payload.js';

/** Gives back what it is given: the type of a job that names none. */
@JobHandler({
  type: 'echo',
  aliases: ['hello_world'],
  description: 'Answers with its own payload, whatever that is.',
  payload: EchoPayload,
  example: { hello: 'world' },
})
export class EchoHandler {
  async run(job: JobContext<EchoPayload>): Promise<EchoPayload> {
    return job.payload;
  }
}
