import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { type Answer, Client } from './http.js';

/** What a lease looks like to a client. */
export type Lease = Record<string, any>;

/** A worker of another language, as far as its requests go. */
export class ExternalWorker {
  readonly name = `worker ${randomUUID()}`;
  private readonly client: Client;

  constructor(
    private readonly base: string,
    private readonly defaults: object = {},
  ) {
    this.client = new Client(base);
  }

  /** Asks for jobs. */
  ask(wish: object = {}): Promise<Answer> {
    return this.client.post('/leases', {
      queues: ['default'],
      worker_id: this.name,
      ...this.defaults,
      ...wish,
    });
  }

  /** The jobs it is given. */
  async lease(wish: object = {}): Promise<Lease[]> {
    const { status, body } = await this.ask(wish);
    if (status !== 200) throw new Error(`POST /leases answered ${status}: ${JSON.stringify(body)}`);
    return body.leases;
  }

  /** Asks until it is given a job. */
  async leaseOne(wish: object = {}): Promise<Lease> {
    for (;;) {
      const [lease] = await this.lease({ wait: 20, ...wish });
      if (lease) return lease;
    }
  }

  say(lease: Lease, word: string, body?: object): Promise<Answer> {
    return this.client.post(`/leases/${lease.lease_token}/${word}`, body);
  }

  /** Asks, and leaves when it is told to. */
  askAndLeave(wish: object = {}): { leave: () => void } {
    const sent = request(`${this.base}/leases`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
    });
    sent.on('error', () => undefined);
    sent.end(JSON.stringify({ queues: ['default'], worker_id: this.name, ...this.defaults, ...wish }));
    return { leave: () => sent.destroy() };
  }
}
