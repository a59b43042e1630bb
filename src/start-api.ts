/** Stand-in until the HTTP application exists; replaced by its owner. */
export async function startApi(): Promise<void> {
  const { createServer } = await import('node:http');
  const { loadConfig } = await import('./config/index.js');
  const { http } = loadConfig();
  const server = createServer((_, response) => response.end('ok'));
  await new Promise<void>((done, fail) => server.once('error', fail).listen(http.port, http.host, done));
  process.send?.({ ready: `http://${http.host}:${(server.address() as { port: number }).port}` });
}
