import { EgressRules, ForbiddenTargetError } from '../../src/egress/index.js';
import { ALLOWED, FORBIDDEN } from '../support/urls.js';

const strict = new EgressRules({ allowHttp: false, allowPrivate: false });
const withHttp = new EgressRules({ allowHttp: true, allowPrivate: false });
const forDevelopment = new EgressRules({ allowHttp: true, allowPrivate: true });

const forbidden = Object.entries(FORBIDDEN).flatMap(([why, urls]) => urls.map((url) => [why, url] as const));

describe('the rules of where requests may go', () => {
  test('are tried with hundreds of URLs', () => {
    expect(new Set(forbidden.map(([, url]) => url)).size).toBeGreaterThanOrEqual(250);
    expect(new Set(ALLOWED).size).toBeGreaterThanOrEqual(30);
  });

  test.each(forbidden)('refuse %s: %j', (_why, url) => {
    const fault = strict.faultOf(url);
    expect(fault).toMatch(/^(must|leads to|is not a valid URL)/);
    expect(() => strict.parse(url)).toThrow(ForbiddenTargetError);
    // Neither a password nor a query stands in the message, which is shown with the job.
    expect(fault).not.toMatch(/secret|example\.com@|docker/);
  });

  test.each(ALLOWED.map((url) => [url]))('allow %s', (url) => {
    expect(strict.faultOf(url)).toBeUndefined();
    expect(strict.parse(url).protocol).toBe('https:');
  });

  test.each([undefined, null, 5, {}, ['https://example.com/'], new URL('https://example.com/')])(
    'refuse %p, which is no text',
    (value) => expect(strict.faultOf(value)).toMatch(/^must be a URL/),
  );

  test('leave out the dot that ends a host, and the fragment', () => {
    expect(strict.parse('https://example.com.:8443/a?b#c').href).toBe('https://example.com:8443/a?b');
  });

  test('say how to allow what a setting allows, and only that', () => {
    expect(strict.faultOf('http://example.com/')).toBe(
      'must begin with https:// unless HTTP_ALLOW_HTTP is true',
    );
    expect(strict.faultOf('https://10.0.0.1/')).toBe(
      'leads to a private address, where no request may go unless HTTP_ALLOW_PRIVATE is true',
    );
    expect(strict.faultOf('https://169.254.169.254/')).toBe(
      'leads to a link-local or cloud metadata address, where no request may go',
    );
    expect(strict.faultOf('ftp://example.com/')).toBe('must begin with https://');
  });

  describe('with HTTP_ALLOW_HTTP', () => {
    test.each([
      'http://example.com/',
      'http://example.com:80/',
      'http://example.com:8080/',
      'http://1.1.1.1/',
    ])('allow %s too', (url) => expect(withHttp.faultOf(url)).toBeUndefined());

    test.each(['http://127.0.0.1/', 'http://localhost/', 'http://example.com:22/', 'ftp://example.com/'])(
      'still refuse %s',
      (url) => expect(withHttp.faultOf(url)).toBeDefined(),
    );
  });

  describe('with HTTP_ALLOW_PRIVATE', () => {
    test.each([
      ...['http://127.0.0.1:3000/', 'http://localhost:3000/', 'https://10.0.0.1/', 'http://172.16.0.1:9200/'],
      ...['http://192.168.1.1/', 'http://[::1]:8000/', 'http://[fd00::1]/', 'https://app.localhost/'],
    ])('allow %s too', (url) => expect(forDevelopment.faultOf(url)).toBeUndefined());

    test.each([
      ...FORBIDDEN['link-local and cloud metadata']!,
      ...FORBIDDEN['unspecified addresses']!,
      ...FORBIDDEN['IPv4 within IPv6']!,
      ...FORBIDDEN['shared, reserved, multicast and documentation addresses']!,
      ...FORBIDDEN['user names and passwords']!,
      ...FORBIDDEN['zones and broken addresses']!,
    ])('still refuse %s', (url) => expect(forDevelopment.faultOf(url)).toBeDefined());
  });
});
