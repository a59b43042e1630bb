import { QueryRunnerAlreadyReleasedError } from 'typeorm';
import {
  isConflict,
  isConnectionLoss,
  isContention,
  isCrowded,
  isPassing,
  isQueryCanceled,
  isReadOnly,
  isRefusedLogin,
  isStorageFull,
} from '../../src/database/failures.js';
import { CommitUnknownError } from '../../src/database/postgres.js';
import { asUnavailable } from '../../src/database/unavailable.js';

const ofCode = (code: string, message = 'says PostgreSQL') => Object.assign(new Error(message), { code });

/** l: the fate is unknown, p: it passes, r: the login is refused, c: others were in the way, f: no space left, o: read only, s: all connections taken. */
const CODES: readonly (readonly [code: string, name: string, verdict: string])[] = [
  ['08000', 'connection_exception', 'lp'],
  ['08001', 'sqlclient_unable_to_establish_sqlconnection', 'lp'],
  ['08003', 'connection_does_not_exist', 'lp'],
  ['08004', 'sqlserver_rejected_establishment_of_sqlconnection', 'lp'],
  ['08006', 'connection_failure', 'lp'],
  ['08007', 'transaction_resolution_unknown', 'lp'],
  ['08P01', 'protocol_violation, as poolers say much', 'lp'],
  ['22001', 'string_data_right_truncation', ''],
  ['22P05', 'untranslatable_character', ''],
  ['23505', 'unique_violation', ''],
  ['23514', 'check_violation', ''],
  ['25001', 'active_sql_transaction', ''],
  ['25006', 'read_only_sql_transaction', 'po'],
  ['25P02', 'in_failed_sql_transaction', ''],
  ['25P03', 'idle_in_transaction_session_timeout', 'p'],
  ['25P04', 'transaction_timeout', 'p'],
  ['28000', 'invalid_authorization_specification', 'pr'],
  ['28P01', 'invalid_password', 'pr'],
  ['3D000', 'invalid_catalog_name', 'pr'],
  ['40001', 'serialization_failure', 'pc'],
  ['40003', 'statement_completion_unknown', 'lp'],
  ['40P01', 'deadlock_detected', 'pc'],
  ['42501', 'insufficient_privilege', ''],
  ['42P01', 'undefined_table', ''],
  ['53000', 'insufficient_resources', 'p'],
  ['53100', 'disk_full', 'pf'],
  ['53200', 'out_of_memory', 'p'],
  ['53300', 'too_many_connections', 'ps'],
  ['54000', 'program_limit_exceeded', ''],
  ['55000', 'object_not_in_prerequisite_state', 'p'],
  ['55006', 'object_in_use', 'p'],
  ['55P03', 'lock_not_available', 'pc'],
  ['57014', 'query_canceled', 'p'],
  ['57P01', 'admin_shutdown', 'lp'],
  ['57P02', 'crash_shutdown', 'lp'],
  ['57P03', 'cannot_connect_now', 'lp'],
  ['57P04', 'database_dropped', 'lp'],
  ['57P05', 'idle_session_timeout', 'lp'],
  ['58000', 'system_error', 'p'],
  ['58030', 'io_error', 'p'],
  ['P0001', 'raise_exception', ''],
  ['XX000', 'internal_error', ''],
  ['XX001', 'data_corrupted', ''],
  ['ECONNREFUSED', 'nobody listens', 'lp'],
  ['ECONNRESET', 'the other side is gone', 'lp'],
  ['ETIMEDOUT', 'no answer', 'lp'],
  ['ENOTFOUND', 'no such name', 'lp'],
  ['EAI_AGAIN', 'no name server', 'lp'],
  ['EPROTO', 'not TLS', 'lp'],
  ['CERT_HAS_EXPIRED', 'an old certificate', 'lp'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'an unknown certificate', 'lp'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'a certificate of somebody else', 'lp'],
  ['ERR_INVALID_ARG_TYPE', 'a fault of ours', ''],
];

const MESSAGES: readonly (readonly [message: string, verdict: string])[] = [
  ['Connection terminated unexpectedly', 'lp'],
  ['Connection terminated due to connection timeout', 'lp'],
  ['timeout exceeded when trying to connect', 'lps'],
  ['timeout expired', 'lp'],
  ['Query read timeout', 'lp'],
  ['Client has encountered a connection error and is not queryable', 'lp'],
  ['Client was closed and is not queryable', 'lp'],
  ['Cannot read properties of undefined', ''],
];

const QUESTIONS: readonly (readonly [letter: string, isOne: (error: unknown) => boolean])[] = [
  ['l', isConnectionLoss],
  ['p', isPassing],
  ['r', isRefusedLogin],
  ['c', isContention],
  ['f', isStorageFull],
  ['o', isReadOnly],
  ['s', isCrowded],
];

const verdictOf = (error: unknown) =>
  QUESTIONS.filter(([, isOne]) => isOne(error))
    .map(([letter]) => letter)
    .join('');

describe('what a failure of the database means', () => {
  test.each(CODES)('%s (%s) is %s', (code, _, verdict) => {
    expect(verdictOf(ofCode(code))).toBe(verdict);
  });

  test.each(MESSAGES)('"%s" is %s', (message, verdict) => {
    expect(verdictOf(new Error(message))).toBe(verdict);
  });

  test('is found in what wraps it, and in any of several addresses that were tried', () => {
    expect(verdictOf(new Error('Storing failed', { cause: ofCode('ECONNREFUSED') }))).toBe('lp');
    expect(verdictOf(new AggregateError([ofCode('ENETUNREACH'), ofCode('ECONNREFUSED')]))).toBe('lp');
    expect(verdictOf(new CommitUnknownError(new Error('Query read timeout')))).toBe('lp');
    expect(verdictOf('nonsense')).toBe('');
  });

  test('is the loss of its connection when TypeORM has let go of it before the next statement', () => {
    expect(verdictOf(new QueryRunnerAlreadyReleasedError())).toBe('lp');
  });

  test('to run again at once is worth it after a conflict only', () => {
    const codes = CODES.map(([code]) => code).filter((code) => isConflict(ofCode(code)));
    expect(codes).toEqual(['40001', '40P01']);
    expect(CODES.map(([code]) => code).filter((code) => isQueryCanceled(ofCode(code)))).toEqual(['57014']);
  });

  test('is told to callers in one plain sentence, and with the time to ask again', () => {
    const told = (error: unknown) => {
      const { code, message, options } = asUnavailable(error)!;
      return [code, options.retryAfterSeconds, message];
    };
    expect(told(ofCode('53100'))).toEqual([
      'storage_full',
      30,
      'The database has no space left, so nothing was stored: try again when some was freed',
    ]);
    const sentences = {
      '53300': 'All connections to the database are taken: try again shortly',
      '25006': 'The database is a standby and takes no writes: try again when it has taken over',
      '55P03': 'Another transaction holds what this needs: try again shortly',
      '57014': 'The database took too long and gave up: try again shortly',
      ECONNREFUSED: 'The database cannot answer right now: try again shortly',
    };
    for (const [code, sentence] of Object.entries(sentences))
      expect(told(ofCode(code))).toEqual(['database_unavailable', 2, sentence]);
    expect(told(new CommitUnknownError(ofCode('57P01')))[2]).toContain('unknown whether this took effect');
    expect(asUnavailable(ofCode('23505'))).toBeUndefined();
    expect(asUnavailable(new Error('a fault of ours'))).toBeUndefined();
  });
});
