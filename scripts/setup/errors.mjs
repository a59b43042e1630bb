/** The set-up cannot go on; the message is one sentence that says what to do. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {{ details?: string, exitCode?: number }} more `details` is what a program wrote about it
   */
  constructor(message, { details = '', exitCode = 1 } = {}) {
    super(message);
    this.name = 'SetupError';
    this.details = details;
    this.exitCode = exitCode;
  }
}

const NO_PERMISSION = new Set(['EACCES', 'EPERM', 'EROFS']);

/**
 * Says what to do about a file that could not be written; other errors are passed on.
 * @param {NodeJS.ErrnoException} error
 * @param {string} what for example `the folder dist`
 */
export function explainWriteError(error, what) {
  if (NO_PERMISSION.has(error.code ?? '')) {
    return new SetupError(
      `You may not write ${what}: run the command as the owner of this folder, or use a clone of your own.`,
    );
  }
  if (error.code === 'ENOSPC')
    return new SetupError('The disk is full: free about 1 GB and run the command again.');
  return error;
}
