import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { type Answer, Client } from './http.js';
import { FIXTURE_APP, type ProductProcess, startProduct } from './product.js';

/** An API and a worker on a database that a test has made itself. */
export class Service {
  readonly client: Client;

  private constructor(
    readonly address: string,
    private readonly processes: readonly ProductProcess[],
  ) {
    this.client = new Client(address);
  }

  static async start(url: string, environment: Record<string, string>): Promise<Service> {
    const [api, worker] = await Promise.all([
      startProduct('api', url, environment, FIXTURE_APP),
      startProduct('worker', url, environment, FIXTURE_APP),
    ]);
    return new Service(api.ready, [api, worker]);
  }

  /** Submits a job and answers with its id, once it is accepted. */
  async submit(job: object): Promise<string> {
    const { status, body } = await this.client.post('/jobs', job);
    if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
    return body.job_id;
  }

  /** Resolves with the job once it has this status. */
  jobWith(status: string, id: string, withinMs = 30_000): Promise<Answer['body']> {
    return eventually(async () => {
      const { body } = await this.client.get(`/jobs/${id}`);
      if (body.status !== status) throw new Error(JSON.stringify(body));
      return body;
    }, withinMs);
  }

  /** @param signal SIGKILL leaves everything as it is at that moment */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop(signal)));
  }
}

/** A folder for ROUNDHOUSE_HOME and DATA_DIR. */
export function ownHome(): { folder: string; environment: Record<string, string>; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'roundhouse-home-'));
  return {
    folder,
    environment: { ROUNDHOUSE_HOME: folder, DATA_DIR: join(folder, 'data') },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
