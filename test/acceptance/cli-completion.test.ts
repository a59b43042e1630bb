import { Cli } from '../support/cli.js';
import { startHttpPeer } from '../support/http-peer.js';
import { type App, startApp } from '../support/start-app.js';

describe('the completion of the command line', () => {
  let app: App;
  let cli: Cli;
  beforeAll(async () => {
    app = await startApp('cli completion', { workers: 0 });
    cli = new Cli(app.api.ready);
    await app.client.post('/jobs', { type: 'echo', payload: {}, queue: 'emails' });
    await app.client.send('PUT', '/job-types/emails.send', JSON.stringify({ description: 'Sends.' }));
    await app.client.post('/schedules', {
      name: 'nightly',
      cron: '0 2 * * *',
      job: { type: 'echo', payload: {} },
    });
  });
  afterAll(() => app?.stop());

  /** What bash offers at the end of a line. */
  const offered = async (line: string, to = cli) => {
    const words = `roundhouse ${line}`.split(' ').map((word) => `'${word}'`);
    const script = [
      'source <(roundhouse completion bash)',
      `COMP_WORDS=(${words.join(' ')})`,
      `COMP_CWORD=${words.length - 1}`,
      '_roundhouse',
      `printf '%s\\n' "\${COMPREPLY[@]}"`,
    ];
    const { stdout, stderr } = await to.shell(script.join('\n'));
    expect(stderr).toBe('');
    return stdout.split('\n').filter(Boolean);
  };

  test.each([
    ['qu', ['queues']],
    ['dead-letters ', ['list', 'groups', 'show', 'redrive', 'discard', 'resolve', 'ignore', 'reopen']],
    ['jobs re', ['retry']],
    ['jobs list --cr', ['--created-after', '--created-before']],
    ['jobs list --queue em', ['emails']],
    ['jobs list --queue = em', ['emails']],
    ['submit ec', ['echo']],
    ['submit emails.', ['emails.send']],
    ['queues pause ', ['emails']],
    ['schedules show ', ['nightly']],
    ['schedules create x --missed ', ['skip', 'once']],
    ['keys r', ['rotate', 'revoke']],
    ['completion ', ['bash', 'zsh', 'fish']],
    ['worker --conc', ['--concurrency']],
    ['jobs show ', []],
    ['nothing ', []],
  ])('of "%s" offers %j', async (line, words) => {
    expect(await offered(line)).toEqual(words);
  });

  test('offers what is known without the service when it is away', async () => {
    const away = new Cli('http://127.0.0.1:1');
    expect(await offered('queues pause ', away)).toEqual([]);
    expect(await offered('queues pa', away)).toEqual(['pause']);
  });

  test('never offers what a shell would run', async () => {
    const names = ['$(reboot)', '`reboot`', 'a; reboot', 'a b', 'good', 'a\tb', '\u001b[2J', '--yes\nx'];
    const peer = await startHttpPeer({
      '/queues': (response) =>
        response
          .writeHead(200, { 'Content-Type': 'application/json' })
          .end(JSON.stringify({ queues: names.map((name) => ({ name })) })),
    });
    expect(await offered('queues pause ', new Cli(peer.url))).toEqual(['good']);
    await peer.stop();
  });

  test.each(['zsh', 'fish'])('has a script for %s that asks the command', async (shell) => {
    const { code, stdout } = await cli.run(['completion', shell]);
    expect(code).toBe(0);
    expect(stdout).toContain('__complete --');
  });

  test('refuses other shells', async () => {
    expect(await cli.run(['completion', 'csh'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'There are completions for bash, zsh and fish, not for "csh".\n',
    });
  });
});
