import type { RequestOptions } from '../options.js';
import { randomKey } from './idempotency-key.js';
import { type AnswerOf, type ArgumentsOf, type LooseArguments, type Route, pathOf } from './routes.js';
import type { Call, Transport } from './transport.js';

/** What takes an `Idempotency-Key`, so that its repeats find what the first one made. */
const KEYED: ReadonlySet<string> = new Set<Route>([
  'POST /jobs',
  'POST /jobs/batch',
  'POST /tasks/{type}',
  'POST /workflows',
  'POST /schedules/{name}/run',
]);

/** What says how something shall be, or tells again what it told: twice is as good as once. */
const HARMLESS: ReadonlySet<string> = new Set<Route>([
  'POST /queues/{name}/pause',
  'POST /queues/{name}/resume',
  'POST /schedules/{name}/pause',
  'POST /schedules/{name}/resume',
  'POST /schedules/preview',
  'POST /leases/{token}/heartbeat',
  'POST /leases/{token}/complete',
  'POST /leases/{token}/fail',
  'POST /leases/{token}/snooze',
  'POST /leases/{token}/release',
]);

const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set(['GET', 'PUT', 'DELETE']);

/** Arguments that may be left out where every one of them may. */
export type Arguments<R extends Route> =
  object extends ArgumentsOf<R>
    ? [args?: ArgumentsOf<R>, options?: RequestOptions]
    : [args: ArgumentsOf<R>, options?: RequestOptions];

/** Every operation of the API by its route. */
export class Api {
  constructor(private readonly transport: Transport) {}

  request<R extends Route>(route: R, ...[args, options]: Arguments<R>): Promise<AnswerOf<R>> {
    return this.transport.fetch(callOf(route, args), options);
  }

  open<R extends Route>(route: R, ...[args, options]: Arguments<R>): Promise<Response> {
    return this.transport.open(callOf(route, args), options);
  }

  /** Tries again for so long (ms) after a failure, however often that is. */
  persist<R extends Route>(
    route: R,
    args: ArgumentsOf<R>,
    options: RequestOptions & { readonly patienceMs: number },
  ): Promise<AnswerOf<R>> {
    return this.transport.fetch({ ...callOf(route, args), patienceMs: options.patienceMs }, options);
  }
}

function callOf(route: string, args: LooseArguments = {}): Call {
  const [method = '', template = ''] = route.split(' ');
  const given = Object.entries(args.header ?? {}).filter(([, value]) => value !== undefined);
  const headers = new Headers(given.map(([name, value]): [string, string] => [name, String(value)]));
  const isKeyed = hasKeyInBody(route, args.body) || (takesKey(route, args.body) && withKey(headers));
  return {
    method,
    path: pathOf(template, args),
    headers: Object.fromEntries(headers),
    body: args.body,
    isRepeatable: isKeyed || IDEMPOTENT_METHODS.has(method) || HARMLESS.has(route),
    heldMs: heldMs(route, headers, args.body),
  };
}

interface KeyedBody {
  readonly idempotency_key?: string;
  readonly jobs?: readonly KeyedBody[];
  readonly group?: unknown;
}

function hasKeyInBody(route: string, body: unknown): boolean {
  const { idempotency_key: key, jobs = [] } = (body ?? {}) as KeyedBody;
  if (route === 'POST /jobs') return key !== undefined;
  return route === 'POST /jobs/batch' && jobs.every((job) => job.idempotency_key !== undefined);
}

/** Jobs of a batch that is no group have keys of their own. */
function takesKey(route: string, body: unknown): boolean {
  return KEYED.has(route) && (route !== 'POST /jobs/batch' || (body as KeyedBody).group !== undefined);
}

function withKey(headers: Headers): true {
  if (!headers.has('Idempotency-Key')) headers.set('Idempotency-Key', randomKey());
  return true;
}

/** For how long (ms) the service is asked to wait before it answers. */
function heldMs(route: string, headers: Headers, body: unknown): number {
  const preferred = /\bwait=(\d+)/.exec(headers.get('Prefer') ?? '')?.[1] ?? 0;
  const wished = route === 'POST /leases' ? (body as { wait?: number }).wait : undefined;
  return Number(wished ?? preferred) * 1000;
}
