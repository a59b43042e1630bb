import { Agent, request } from 'node:http';

/** One API behind the balancer. */
interface Backend {
  readonly base: URL;
  isReady: boolean;
}

const LOOK_EVERY_MS = 200;

/**
 * Hands requests to several APIs in turn, as a load balancer does: only to those whose `/health/ready` said yes at its
 * last look, over connections that it keeps, and to another one only when a connection was refused.
 */
export class Balancer {
  private readonly backends: Backend[] = [];
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 8 });
  private readonly timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  private next = 0;
  /** The longest (ms) that anybody waited for an answer. */
  slowestMs = 0;

  /** From its next look on, requests may go there. */
  async add(address: string): Promise<void> {
    this.backends.push({ base: new URL(address), isReady: false });
    await this.look();
  }

  /** Answers with the status and the JSON of the answer; rejects when there was none. */
  async send(method: string, path: string, body?: object): Promise<{ status: number; body: any }> {
    const startedAt = performance.now();
    try {
      return await this.sendToAny(method, path, body);
    } finally {
      this.slowestMs = Math.max(this.slowestMs, performance.now() - startedAt);
    }
  }

  close(): void {
    clearInterval(this.timer);
    this.agent.destroy();
  }

  private async sendToAny(method: string, path: string, body?: object) {
    for (;;) {
      const backend = this.choose();
      try {
        return await this.exchange(backend.base, method, path, body);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
        backend.isReady = false;
      }
    }
  }

  private choose(): Backend {
    const ready = this.backends.filter(({ isReady }) => isReady);
    const chosen = ready[this.next++ % ready.length];
    if (!chosen) throw new Error('No API is ready');
    return chosen;
  }

  private async look(): Promise<void> {
    await Promise.all(
      this.backends.map(async (backend) => {
        const answer = await this.exchange(backend.base, 'GET', '/health/ready').catch(() => ({ status: 0 }));
        backend.isReady = answer.status === 200;
      }),
    );
  }

  private exchange(
    base: URL,
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; body: any }> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers =
      text === undefined
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, base), { method, headers, agent: this.agent }, (answer) => {
        let received = '';
        answer.setEncoding('utf8').on('data', (part: string) => (received += part));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: received ? JSON.parse(received) : {} }),
        );
        answer.on('error', reject);
      });
      outgoing.on('error', reject).end(text);
    });
  }
}
