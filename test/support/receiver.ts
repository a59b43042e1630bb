import { Webhook } from 'standardwebhooks';
import { eventually } from './eventually.js';
import { type Arrived, type Route, startHttpPeer } from './http-peer.js';
import type { App } from './start-app.js';

/** What callbacks are signed with in these tests. */
export const CALLBACK_SECRETS = [1, 2].map(
  (byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`,
) as [string, string];

/** Webhooks may go to a receiver of a test, and are tried again at once. */
export const WEBHOOK_SETTINGS = {
  WEBHOOK_ALLOW_HTTP: 'true',
  WEBHOOK_ALLOW_PRIVATE: 'true',
  WEBHOOK_RETRY_DELAYS: '0.1,0.1,0.1',
  WEBHOOK_SIGNING_SECRET: CALLBACK_SECRETS.join(','),
  SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
};

/** A webhook of a test, and the path at the receiver where it goes. */
export interface Hook {
  readonly id: string;
  readonly path: string;
  readonly secret: string;
}

/** A receiver of webhooks of a test's own: it takes everything, unless it is told otherwise. */
export class Receiver {
  private places = 0;

  private constructor(
    private readonly peer: Awaited<ReturnType<typeof startHttpPeer>>,
    private readonly answers: Map<string, Route[]>,
  ) {}

  static async start(): Promise<Receiver> {
    const answers = new Map<string, Route[]>();
    const answer: Route = (response, request) => {
      const next = answers.get(request.url)?.shift();
      if (next) next(response, request);
      else response.end('thanks');
    };
    const everywhere = new Proxy<Record<string, Route>>({}, { get: () => answer });
    return new Receiver(await startHttpPeer(everywhere), answers);
  }

  /** A path where nothing has arrived yet. */
  place(): string {
    return `/hook-${(this.places += 1)}`;
  }

  url(path: string): string {
    return this.peer.url + path;
  }

  /** What it answers at a path, request by request; from then on it takes everything. */
  answer(path: string, ...routes: readonly Route[]): void {
    this.answers.set(path, [...routes]);
  }

  /** What has arrived at a path. */
  at(path: string): Arrived[] {
    return this.peer.requests.filter(({ url }) => url === path);
  }

  /** Resolves once so many requests have arrived at a path. */
  arrivals(path: string, count: number, withinMs?: number): Promise<Arrived[]> {
    return eventually(() => {
      const arrived = this.at(path);
      if (arrived.length < count) throw new Error(`${arrived.length} of ${count} at ${path}`);
      return arrived;
    }, withinMs);
  }

  stop(): Promise<void> {
    return this.peer.stop();
  }
}

/** An answer of this status, without a body. */
export function status(code: number, headers: Record<string, string> = {}): Route {
  return (response) => response.writeHead(code, headers).end();
}

/** What an event says, after the package of Standard Webhooks has verified it. */
export function verified(secret: string, { body, headers }: Arrived): any {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}

type Row = Record<string, any>;

/** What tests do with webhooks. */
export class Hooks {
  constructor(
    private readonly app: App,
    private readonly receiver: Receiver,
  ) {}

  /** Creates one that is told of everything. */
  async create(settings: object = {}): Promise<Hook> {
    const path = this.receiver.place();
    const { status: code, body } = await this.app.client.post('/webhooks', {
      url: this.receiver.url(path),
      events: ['job.completed', 'job.failed', 'job.cancelled'],
      ...settings,
    });
    if (code !== 201) throw new Error(JSON.stringify(body));
    return { path, id: body.webhook_id, secret: body.secret };
  }

  async remove({ id }: Pick<Hook, 'id'>): Promise<void> {
    const { status: code, body } = await this.app.client.send('DELETE', `/webhooks/${id}`);
    if (code !== 204) throw new Error(JSON.stringify(body));
  }

  /** Resolves with the deliveries that have this status once there are so many. */
  deliveries({ id }: Pick<Hook, 'id'>, wanted: string, count = 1): Promise<[Row, ...Row[]]> {
    return eventually(async () => {
      const { body } = await this.app.client.get(`/webhooks/${id}/deliveries`);
      const found = body.deliveries.filter((delivery: any) => delivery.status === wanted);
      if (found.length < count) throw new Error(JSON.stringify(body));
      return found as [Row, ...Row[]];
    });
  }

  async submit(job: object): Promise<string> {
    const { status: code, body } = await this.app.client.post('/jobs', { payload: {}, ...job });
    if (code !== 201) throw new Error(JSON.stringify(body));
    return body.job_id;
  }
}
