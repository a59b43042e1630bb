/** How a call ends, for scripts: what went wrong is told by the code, what exactly by the sentence on standard error. */
export const EXIT_CODES = {
  done: 0,
  /** Refused by the service (404, 409, 422 …), a job that failed, something broken that was looked for. */
  failed: 1,
  /** As shells and most commands have it. */
  usage: 2,
  cancelled: 3,
  /** EX_DATAERR of sysexits.h. */
  input: 65,
  /** EX_UNAVAILABLE of sysexits.h. */
  unavailable: 69,
  /** EX_TEMPFAIL of sysexits.h. */
  busy: 75,
  /** EX_NOPERM of sysexits.h. */
  forbidden: 77,
  /** EX_CONFIG of sysexits.h. */
  settings: 78,
  /** As timeout(1) has it. */
  late: 124,
  /** 128 and the number of the signal, SIGINT. */
  interrupted: 130,
  /** The same for SIGPIPE, which Node.js turns into an error. */
  unread: 141,
} as const;

/** What each code means, as it is documented. */
export const MEANINGS: Readonly<Record<keyof typeof EXIT_CODES, string>> = {
  done: 'Done. The job that was waited for has completed.',
  failed:
    'The service refused it (no such job, its state does not allow it, the request is not valid), the job that was waited for has failed, or something is broken (`doctor`, `audit`).',
  usage: 'The command was called in a way it does not know.',
  cancelled: 'The job that was waited for was cancelled.',
  input: 'A file that was given cannot be read, or holds what is no JSON.',
  unavailable: 'The service cannot be reached, or something went wrong on its side.',
  busy: 'The service asks to come back later; the sentence says when.',
  forbidden: 'The API key is missing, wrong, or does not allow this.',
  settings: 'A setting is wrong, or there is nothing to look at.',
  late: 'What was waited for had not come about in the time given by `--timeout`.',
  interrupted: 'Ctrl+C.',
  unread: 'Whoever read the output went away (`| head`); nothing is said about it.',
};
