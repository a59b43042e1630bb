import { isDecision, outcomeOfError } from '../../src/worker/error-verdict.js';
import { AttemptAborted, CancelJob, PermanentFailure, RetryLater } from '../../src/worker/index.js';

const NOW = Date.parse('2030-01-01T00:00:00Z');
const MONTH_MS = 30 * 86_400_000;

class HttpError extends Error {}
class NotFound extends HttpError {}

const verdict = (error: unknown, policy: Parameters<typeof outcomeOfError>[1] = {}) =>
  outcomeOfError(error, policy, NOW);

describe('what an error makes of its attempt', () => {
  test('is a failure that may be retried, unless its type says otherwise', () => {
    expect(verdict(new Error('no'))).toMatchObject({ kind: 'failed', permanent: false });
    expect(verdict(null)).toMatchObject({ kind: 'failed', permanent: false });
  });

  test('says whether the circuit of its type counts it', () => {
    const circuit = { failures: 1, coolDownSeconds: 1 };
    const counted = { kind: 'failed', error: expect.anything(), permanent: false };
    expect(verdict(new Error('no'), { circuit })).toEqual(counted);
    const some = { circuit: { ...circuit, countOn: [HttpError] } };
    expect(verdict(new NotFound('no'), some)).toEqual(counted);
    expect(verdict(new RangeError('no'), some)).toEqual({ ...counted, isUncounted: true });
  });

  test('is permanent for a PermanentFailure and what is made from it', () => {
    class NoSuchCustomer extends PermanentFailure {}
    const cause = new Error('why');
    expect(verdict(new PermanentFailure('no', { cause }))).toMatchObject({
      kind: 'failed',
      permanent: true,
      error: { name: 'PermanentFailure', message: 'no' },
    });
    expect(verdict(new NoSuchCustomer('no'))).toMatchObject({ permanent: true });
  });

  test.each<[unknown, number]>([
    [1.5, 1_500],
    [0, 0],
    [-3, 0],
    [1e12, MONTH_MS],
    [Infinity, MONTH_MS],
    [new Date(NOW + 90_000), 90_000],
    [new Date(NOW - 90_000), 0],
    [new Date(NOW + 2 * MONTH_MS), MONTH_MS],
  ])('is put off by what RetryLater says, within bounds: %s', (delay, delayMs) => {
    expect(verdict(new RetryLater(delay as number))).toEqual({ kind: 'snoozed', delayMs });
  });

  test('cannot be a RetryLater of no time at all', () => {
    expect(() => new RetryLater(NaN)).toThrow('takes seconds');
    expect(() => new RetryLater(new Date('soon'))).toThrow(RangeError);
    expect(() => new RetryLater(undefined as never)).toThrow(RangeError);
  });

  test('cancels for a CancelJob, with its reason, and for the reason of a cancel signal', () => {
    expect(verdict(new CancelJob('gone'))).toMatchObject({
      kind: 'cancelled',
      error: { name: 'CancelJob', message: 'gone' },
    });
    expect(verdict(new AttemptAborted('cancel', 'x'))).toEqual({ kind: 'cancelled' });
  });

  test.each<[string, unknown, Parameters<typeof outcomeOfError>[1], boolean]>([
    ['named in retryOn', new HttpError(), { retryOn: [HttpError] }, false],
    ['made from one in retryOn', new NotFound(), { retryOn: [HttpError] }, false],
    ['not named in retryOn', new TypeError(), { retryOn: [HttpError] }, true],
    ['that is no error, with a retryOn', 'text', { retryOn: [Error] }, true],
    ['named in failOn', new NotFound(), { failOn: [NotFound] }, true],
    ['made from one in failOn', new NotFound(), { failOn: [HttpError] }, true],
    ['not named in failOn', new TypeError(), { failOn: [HttpError] }, false],
    ['in both lists by its classes', new NotFound(), { retryOn: [HttpError], failOn: [NotFound] }, true],
    [
      'of a class of the same name',
      new (class HttpError extends Error {})(),
      { retryOn: [HttpError] },
      false,
    ],
    ['of a nameless class', new (class extends Error {})(), { failOn: [class extends Error {}] }, false],
    ['without a prototype', Object.create(null), { failOn: [HttpError] }, false],
  ])('of an error %s', (_, error, policy, permanent) => {
    expect(verdict(error, policy)).toMatchObject({ kind: 'failed', permanent });
  });

  test('that does not let itself be looked at is a failure like any other', () => {
    const fail = () => {
      throw new Error('no');
    };
    const hostile = new Proxy({}, { getPrototypeOf: fail, get: fail, ownKeys: fail });
    expect(verdict(hostile)).toMatchObject({ kind: 'failed', permanent: false, error: { name: 'NonError' } });
    expect(verdict(hostile, { retryOn: [HttpError] })).toMatchObject({ kind: 'failed', permanent: true });
    expect(isDecision(hostile)).toBe(false);
    const constructor = Object.defineProperty({}, 'constructor', { get: fail });
    expect(verdict(Object.create(constructor), { failOn: [NotFound] })).toMatchObject({ kind: 'failed' });
  });
});
