/** Roundhouse cannot start as things are; the message is one sentence that says what to do. */
export class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError';
  /** EX_CONFIG of sysexits.h: starting again without a change would end the same way. */
  readonly exitCode = 78;
}
