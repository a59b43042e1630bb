// Imports nothing of ours and has only types that Node can strip, so that scripts/jokes-server.mjs can run it as it is.
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with a request for a joke. */
export const MODES = ['ok', 'error', 'hang', 'garbage', 'flood'] as const;

type Mode = (typeof MODES)[number];

/** A server in the shape of api.chucknorris.io. */
export interface JokesServer {
  readonly url: string;
  /** May be set at any time. */
  mode: Mode;
  /** The addresses that were asked for, the first one first. */
  readonly requests: string[];
  stop(): Promise<void>;
}

interface Joke {
  readonly id: string;
  readonly category?: string;
  readonly value: string;
}

/** `music` has one joke only, which is thus fetched again and again. */
export const JOKES: readonly Joke[] = [
  { id: 'zero-0a1b2c3d4e5f6g7h8i', value: 'Chuck Norris divides by zero and gets a remainder.' },
  {
    id: 'mend-1a1b2c3d4e5f6g7h8i',
    category: 'dev',
    value: 'Bugs mend themselves before Chuck Norris looks.',
  },
  { id: 'wait-2a1b2c3d4e5f6g7h8i', value: 'Chuck Norris does not wait in a queue. The queue waits for him.' },
  { id: 'lock-3a1b2c3d4e5f6g7h8i', category: 'dev', value: 'Deadlocks open when Chuck Norris knocks.' },
  { id: 'song-4a1b2c3d4e5f6g7h8i', category: 'music', value: 'Chuck Norris plays chords on a triangle.' },
  { id: 'lion-5a1b2c3d4e5f6g7h8i', category: 'animal', value: 'Chuck Norris’ cat is a lion who gave up.' },
];

const CATEGORIES = [...new Set(JOKES.map((joke) => joke.category))]
  .filter((name) => name !== undefined)
  .sort();

/** Serves on loopback; port 0 takes a free one. */
export async function startJokesServer(port = 0): Promise<JokesServer> {
  let turn = 0;
  const server = createServer((request, response) => {
    jokes.requests.push(request.url ?? '');
    answer(request, response, jokes.mode, turn++);
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(port, '127.0.0.1', listening);
  });
  const jokes: JokesServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mode: 'ok',
    requests: [],
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return jokes;
}

function answer(request: IncomingMessage, response: ServerResponse, mode: Mode, turn: number): void {
  const { origin, pathname, searchParams } = new URL(request.url ?? '/', `http://${request.headers.host}`);
  if (pathname === '/jokes/categories') send(response, 200, CATEGORIES);
  else if (pathname !== '/jokes/random') sendProblem(response, 404, 'Not Found', `No endpoint ${pathname}.`);
  else if (mode === 'ok') sendJoke(response, searchParams.get('category'), turn, origin);
  else misbehave(response, mode);
}

function sendJoke(response: ServerResponse, category: string | null, turn: number, origin: string): void {
  const matching = JOKES.filter((joke) => category === null || joke.category === category);
  const joke = matching[turn % matching.length];
  if (joke) send(response, 200, toWire(joke, origin));
  else sendProblem(response, 404, 'Not Found', `No jokes for category "${category}" found.`);
}

function misbehave(response: ServerResponse, mode: Exclude<Mode, 'ok'>): void {
  // A hanging server says nothing at all.
  if (mode === 'error') sendProblem(response, 500, 'Internal Server Error', 'Something broke.');
  if (mode === 'garbage') response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Welcome!</h1>');
  if (mode === 'flood') send(response, 200, { id: 'flood', value: 'Chuck! '.repeat(20_000) });
}

function toWire({ id, category, value }: Joke, origin: string): object {
  return {
    categories: category === undefined ? [] : [category],
    created_at: '2020-01-05 13:42:19.324003',
    icon_url: `${origin}/img/avatar/chuck-norris.png`,
    id,
    updated_at: '2020-01-05 13:42:19.324003',
    url: `${origin}/jokes/${id}`,
    value,
  };
}

function sendProblem(response: ServerResponse, status: number, error: string, message: string): void {
  send(response, status, { timestamp: new Date().toISOString(), status, error, message });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
