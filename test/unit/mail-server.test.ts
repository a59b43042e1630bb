import { ConfigError, resolveConfig } from '../../src/config/index.js';

const serverAt = (url: string) => resolveConfig({ SMTP_URL: url }).mail.server;

function faultOf(env: NodeJS.ProcessEnv): string {
  try {
    resolveConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).faults.join('\n');
  }
  return '';
}

describe('SMTP_URL', () => {
  test('is no server when it is not set', () => {
    expect(resolveConfig({}).mail).toEqual({ server: undefined, from: undefined });
  });

  test.each([
    ['smtp://mail.example.org', 'mail.example.org', 587, false],
    ['smtp://mail.example.org:25/', 'mail.example.org', 25, false],
    ['smtps://mail.example.org', 'mail.example.org', 465, true],
    ['SMTPS://10.0.0.1:4650', '10.0.0.1', 4650, true],
    ['smtp://[::1]:2525', '::1', 2525, false],
  ])('%s is a server without a login', (url, host, port, secure) => {
    expect(serverAt(url)).toEqual({ host, port, secure, requiresTls: false, login: undefined });
  });

  test('holds a user and a password, percent-encoded', () => {
    expect(serverAt('smtps://jobs%40example.org:p%3A%2F%25@mail.example.org')!.login).toEqual({
      user: 'jobs@example.org',
      password: 'p:/%',
    });
  });

  test.each([
    ['smtp://u:p@mail.example.org', true],
    ['smtp://u:p@127.example.org', true],
    ['smtp://u:p@127.0.0.1', false],
    ['smtp://u:p@localhost', false],
    ['smtp://u:p@mail.example.org?requireTLS=false', false],
    ['smtp://mail.example.org?requireTLS=true', true],
    ['smtp://mail.example.org', false],
  ])('%s wants TLS before anything is sent: %s', (url, requiresTls) => {
    expect(serverAt(url)!.requiresTls).toBe(requiresTls);
  });

  test.each([
    ['mail.example.org', 'must look like smtp://'],
    ['http://u:hunter2@mail.example.org', 'must look like smtp://'],
    ['smtp://', 'must look like smtp://'],
    ['smtp://u:hunter2@mail.example.org:99999', 'must look like smtp://'],
    ['smtp://u:hunter2@mail.example.org/inbox', 'must look like smtp://'],
    ['smtp://u:hunter2@mail.example.org#x', 'must look like smtp://'],
    ['smtp://u:hunter%2@mail.example.org', 'a % in the user or the password is written %25'],
    ['smtp://hunter2@mail.example.org', 'a user or a password, but not both'],
    ['smtp://u:hunter2@mail.example.org?requireTls=true', 'one option only'],
    ['smtp://u:hunter2@mail.example.org?requireTLS=hunter2', 'neither true nor false'],
  ])('%s is refused, and its password is not shown', (url, fault) => {
    expect(faultOf({ SMTP_URL: url })).toMatch(/^SMTP_URL /);
    expect(faultOf({ SMTP_URL: url })).toContain(fault);
    expect(faultOf({ SMTP_URL: url })).not.toContain('hunter2');
  });
});

describe('MAIL_FROM', () => {
  test('is an address, with a name or without', () => {
    expect(resolveConfig({ MAIL_FROM: 'Jobs <jobs@example.org>' }).mail.from).toEqual({
      name: 'Jobs',
      address: 'jobs@example.org',
    });
  });

  test('is refused when it is none', () => {
    expect(faultOf({ MAIL_FROM: 'jobs' })).toBe(
      'MAIL_FROM must be an address such as jobs@example.org or "Jobs <jobs@example.org>", not "jobs"',
    );
  });
});
