import { resolveConfig } from '../../src/config/index.js';
import { JokeApi } from '../../src/jokes/joke-api.js';
import { eventually } from '../support/eventually.js';
import { type JokesServer, startJokesServer } from '../support/jokes-server.js';

describe('the client of the joke API', () => {
  let server: JokesServer;
  let api: JokeApi;
  beforeEach(async () => {
    server = await startJokesServer();
    api = new JokeApi(resolveConfig({ API_BASE_URL: `${server.url}/` }));
  });
  afterEach(() => server.stop());

  const fetchJoke = (signal = new AbortController().signal) => api.random({ category: undefined, signal });

  test('reads a joke with its addresses and categories', async () => {
    expect(await api.random({ category: 'music', signal: new AbortController().signal })).toEqual({
      id: 'song-4a1b2c3d4e5f6g7h8i',
      value: 'Chuck Norris plays chords on a triangle.',
      url: `${server.url}/jokes/song-4a1b2c3d4e5f6g7h8i`,
      iconUrl: `${server.url}/img/avatar/chuck-norris.png`,
      categories: ['music'],
    });
    expect(server.requests).toEqual(['/jokes/random?category=music']);
  });

  test('says so, without naming the host, when the API cannot be reached', async () => {
    await server.stop();
    await expect(fetchJoke()).rejects.toThrow(
      'The joke API cannot be reached (ECONNREFUSED): check API_BASE_URL and the network',
    );
  });

  test('ends the wait with the reason of its signal as soon as that fires', async () => {
    server.mode = 'hang';
    const attempt = new AbortController();
    const fetched = fetchJoke(attempt.signal);
    await eventually(() => server.requests.length);
    attempt.abort(new Error('The worker is shutting down'));
    await expect(fetched).rejects.toThrow('The worker is shutting down');
  });
});
