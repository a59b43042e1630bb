import { Writable } from 'node:stream';
import { withLogFields } from '../../src/common/index.js';
import { NestLog, logTo } from '../../src/common/logging.js';
import { installTracer } from '../../src/common/tracing.js';

const SECRET = 'CANARY-0123456789abcdef';

/** A log, and the lines it has written. */
function startLog(level = 'trace') {
  const lines: Record<string, any>[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(JSON.parse(chunk.toString()));
      done();
    },
  });
  const pino = logTo(stream, level, 'worker');
  return { lines, pino, log: new NestLog(pino) };
}

describe('the log', () => {
  test('is a line of JSON for each event, with the process and where it comes from', () => {
    const { log, lines } = startLog();
    log.warn('The disk is nearly full', 'Artifacts');
    expect(lines).toEqual([
      {
        level: 40,
        time: expect.any(Number),
        role: 'worker',
        pid: process.pid,
        context: 'Artifacts',
        msg: 'The disk is nearly full',
      },
    ]);
  });

  test.each([
    ['trace', 5],
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
    ['silent', 0],
  ])('of level %s has %d of five kinds of lines', (level, count) => {
    const { log, lines } = startLog(level);
    log.verbose('a');
    log.debug('b');
    log.log('c');
    log.warn('d');
    log.error('e');
    expect(lines).toHaveLength(count);
  });

  test('names the request, the job and the attempt in which a line was written, also later', async () => {
    const { log, lines } = startLog();
    await withLogFields({ request_id: 'r' }, () =>
      withLogFields({ job_id: 'j', attempt: 2 }, async () => {
        await Promise.resolve();
        log.log('inside');
      }),
    );
    log.log('outside');
    expect(lines[0]).toMatchObject({ request_id: 'r', job_id: 'j', attempt: 2 });
    expect(lines[1]).not.toHaveProperty('job_id');
  });

  test('names the trace in which a line was written', () => {
    const { log, lines } = startLog();
    installTracer({
      start: () => {
        throw new Error('no span is wanted');
      },
      current: () => '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      resume: (_traceparent, work) => work(),
    });
    log.log('traced');
    installTracer(undefined);
    expect(lines[0]).toMatchObject({
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      span_id: '00f067aa0ba902b7',
    });
  });

  test.each([
    { password: SECRET },
    { headers: { authorization: SECRET, Authorization: SECRET, cookie: SECRET, 'x-api-key': SECRET } },
    { request: { headers: { 'set-cookie': SECRET, authorization: SECRET } } },
    { DATABASE_URL: SECRET, config: { SECRETS_KEY: SECRET, WEBHOOK_SIGNING_SECRET: SECRET } },
    { lease_token: SECRET, job: { payload: { card: SECRET } } },
  ])('leaves out what is secret by its name: %j', (fields) => {
    const { pino, lines } = startLog();
    pino.info(fields, 'told');
    expect(lines[0]).toMatchObject({ msg: 'told' });
    expect(JSON.stringify(lines)).not.toContain(SECRET);
  });

  test.each([
    `connecting to postgres://someone:${SECRET}@db.example/jobs`,
    `Authorization: Bearer ${SECRET}`,
    `POST /leases/rhl_${SECRET}/complete`,
    `signed with whsec_${SECRET}`,
    `somebody sent rh_03LTkVY3pQ9LrPNcVR0nF1_${SECRET} as a payload`,
  ])('leaves out what is secret by its form: %s', (message) => {
    const { log, lines } = startLog();
    log.error(message, `Error: ${message}\n    at somewhere`, 'Http');
    log.warn(message);
    expect(lines).toHaveLength(2);
    expect(JSON.stringify(lines)).not.toContain(SECRET);
    expect(JSON.stringify(lines)).toContain('[Redacted]');
  });

  test('tells of an error what finds the fault, and nothing that hangs on it', () => {
    const { log, lines } = startLog();
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', config: { key: SECRET } });
    log.error(Object.assign(new TypeError('Request failed', { cause }), { headers: [SECRET] }));
    expect(lines[0]).toMatchObject({
      level: 50,
      msg: 'Request failed',
      err: {
        type: 'TypeError',
        message: 'Request failed',
        stack: expect.stringContaining('log.test'),
        cause: { type: 'Error', message: 'refused', code: 'ECONNREFUSED' },
      },
    });
    expect(JSON.stringify(lines)).not.toContain(SECRET);
  });

  test('survives errors that are their own cause', () => {
    const { log, lines } = startLog();
    const error = new Error('round and round');
    error.cause = error;
    log.error(error);
    expect(lines).toHaveLength(1);
  });
});
