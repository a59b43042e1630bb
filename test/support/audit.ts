import { startLockedApp } from './keys.js';

type Body = Record<string, any>;

/** The product as it asks for keys, an administrator who calls it, and what the audit log says of that one. */
export async function startAudited(test: string, workers = 0) {
  const { app, allowed } = await startLockedApp(test, workers);
  const admin = await allowed('admin');
  const { body } = await app.client.get('/keys', admin);
  const me = `key:${body.keys[0].key_id}`;

  /** Sends a request, a PATCH of settings under their ETag. */
  const ask = async (method: string, path: string, request?: object, headers = {}) => {
    const isGuarded = method === 'PATCH' && !path.startsWith('/jobs/');
    const etag = isGuarded ? (await app.client.get(path, admin)).headers.get('etag') : null;
    const guard: Record<string, string> = etag ? { 'If-Match': etag } : {};
    return app.client.send(method, path, request && JSON.stringify(request), {
      ...admin,
      ...guard,
      ...headers,
    });
  };
  /** Sends a request that is granted, and answers with the answer's body. */
  const send = async (method: string, path: string, request?: object, headers = {}): Promise<Body> => {
    const answer = await ask(method, path, request, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const records = async (query = ''): Promise<Body[]> => (await send('GET', `/admin/audit${query}`)).records;
  /** What was done to a thing, the first first. */
  const story = async (subject: string) => {
    const found = (await records(`?subject_id=${subject}&limit=200`)).reverse();
    for (const { actor, request_id } of found) {
      if (actor !== me || request_id === null) throw new Error(`By ${actor} in ${request_id}`);
    }
    return found.map(({ action, before, after }) => [action, before, after]);
  };
  return { app, admin, me, ask, send, records, story };
}
