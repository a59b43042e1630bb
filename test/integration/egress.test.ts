import { gzipSync } from 'node:zlib';
import { EgressRules, ForbiddenTargetError, OutboundHttp } from '../../src/egress/index.js';
import { type HttpPeer, startHttpPeer, writeForEver } from '../support/http-peer.js';
import { eventually } from '../support/eventually.js';

const forTests = new EgressRules({ allowHttp: true, allowPrivate: true });
const MIB = 1024 * 1024;

/** Names and their addresses, one list for each time they are asked for; the last one stays. */
function dns(answers: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const resolve: ConstructorParameters<typeof OutboundHttp>[1] = (hostname, _options, callback) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(hostname);
    process.nextTick(
      callback,
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { asked, resolve };
}

describe('a request to an address that somebody else has named', () => {
  let peer: HttpPeer;
  const bomb = gzipSync(Buffer.alloc(64 * MIB));
  beforeAll(async () => {
    peer = await startHttpPeer({
      '/': (response) => response.end('hello'),
      '/endless': (response) => writeForEver(response, Buffer.alloc(64 * 1024, 'x')),
      '/bomb': (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb),
      '/empty-gzip': (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(),
      '/broken-gzip': (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('no gzip'),
      '/other-coding': (response) => response.writeHead(200, { 'Content-Encoding': 'pack200' }).end('packed'),
      '/headers': (response) => response.writeHead(200, { 'X-Long': 'x'.repeat(17_000) }).end(),
      '/silent': () => undefined,
    });
  });
  afterAll(() => peer?.stop());

  const send = (
    path: string,
    http = new OutboundHttp(forTests),
    more: { mostBytes?: number; signal?: AbortSignal } = {},
  ) =>
    http.send({
      url: path.startsWith('http') ? path : peer.url + path,
      method: 'GET',
      headers: {},
      mostBytes: 1024,
      signal: AbortSignal.timeout(20_000),
      ...more,
    });

  describe('by name', () => {
    test('goes to the address that was checked, which is asked for once', async () => {
      const { asked, resolve } = dns([['127.0.0.1']]);
      const { body } = await send(`http://example.com:${peer.port}/`, new OutboundHttp(forTests, resolve));
      expect(body.bytes.toString()).toBe('hello');
      expect(asked).toEqual(['example.com']);
      expect(peer.requests.at(-1)?.headers.host).toBe(`example.com:${peer.port}`);
    });

    test('is refused once the name leads elsewhere, and no connection is kept from before', async () => {
      const { asked, resolve } = dns([['127.0.0.1'], ['169.254.169.254'], ['127.0.0.1']]);
      const http = new OutboundHttp(forTests, resolve);
      const url = `http://rebinding.example:${peer.port}/`;
      await send(url, http);
      await expect(send(url, http)).rejects.toThrow(
        '"rebinding.example" leads to a link-local or cloud metadata address, where no request may go',
      );
      await send(url, http);
      expect(asked).toHaveLength(3);
    });

    test.each([
      ['one forbidden address among others', ['93.184.216.34', '127.0.0.1', '2606:4700::1111']],
      ['a private address', ['10.0.0.1']],
      ['an address that holds one', ['64:ff9b::7f00:1']],
      ['something else than an address', ['example.org']],
      ['an address with a zone', ['fe80::1%eth0']],
    ])('is refused for %s, and nothing is sent', async (_what, addresses) => {
      const strict = new EgressRules({ allowHttp: true, allowPrivate: false });
      const http = new OutboundHttp(strict, dns([addresses]).resolve);
      const before = peer.requests.length;
      await expect(send('http://example.com:8080/', http)).rejects.toBeInstanceOf(ForbiddenTargetError);
      expect(peer.requests).toHaveLength(before);
    });

    test('fails when the name has no address', async () => {
      const http = new OutboundHttp(forTests, dns([[]]).resolve);
      await expect(send('http://example.com/', http)).rejects.toMatchObject({ code: 'ENOTFOUND' });
    });
  });

  test('by address asks no DNS and is refused all the same', async () => {
    const { asked, resolve } = dns([['127.0.0.1']]);
    const strict = new OutboundHttp(new EgressRules({ allowHttp: true, allowPrivate: false }), resolve);
    await expect(send('http://127.0.0.1/', strict)).rejects.toBeInstanceOf(ForbiddenTargetError);
    await expect(send('http://[::1]/', strict)).rejects.toBeInstanceOf(ForbiddenTargetError);
    expect(asked).toEqual([]);
  });

  test.each(['/endless', '/bomb'])('to %s is cut, and the connection closed', async (path) => {
    const { body } = await send(path, undefined, { mostBytes: 100_000 });
    expect(body).toMatchObject({ truncated: true });
    expect(body.bytes).toHaveLength(100_000);
    await eventually(async () => (await peer.connections()) === 0);
  });

  test('to an endless answer takes no more memory the longer it goes on', async () => {
    await send('/endless', undefined, { mostBytes: MIB });
    const { arrayBuffers: before } = process.memoryUsage();
    await Promise.all(Array.from({ length: 20 }, () => send('/endless', undefined, { mostBytes: 1024 })));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * MIB);
  });

  test('whose answer is exactly as long as may be read is whole', async () => {
    const { body } = await send('/', undefined, { mostBytes: 5 });
    expect(body).toEqual({ bytes: Buffer.from('hello'), truncated: false });
  });

  test('whose answer may not be read at all says whether there was one', async () => {
    expect((await send('/', undefined, { mostBytes: 0 })).body).toEqual({
      bytes: Buffer.alloc(0),
      truncated: true,
    });
    expect((await send('/none', undefined, { mostBytes: 0 })).body.truncated).toBe(false);
  });

  test('takes an empty body for one, however it claims to be compressed, and leaves unknown codings alone', async () => {
    expect((await send('/empty-gzip')).body).toEqual({ bytes: Buffer.alloc(0), truncated: false });
    expect((await send('/other-coding')).body.bytes.toString()).toBe('packed');
    await expect(send('/broken-gzip')).rejects.toMatchObject({ code: 'Z_DATA_ERROR' });
  });

  test('fails after 16 KiB of headers', async () => {
    await expect(send('/headers')).rejects.toMatchObject({ code: 'UND_ERR_HEADERS_OVERFLOW' });
  });

  test('ends with the reason of its signal, and its connection with it', async () => {
    const ending = new AbortController();
    const sent = send('/silent', undefined, { signal: ending.signal });
    await eventually(() => peer.requests.at(-1)?.url === '/silent');
    ending.abort(new Error('Enough'));
    await expect(sent).rejects.toThrow('Enough');
    await eventually(async () => (await peer.connections()) === 0);
  });
});
