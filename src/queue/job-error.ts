/** What is kept of an error: enough to find the fault, nothing that could carry a secret along. */
export interface JobError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** What programs know it by, such as ECONNREFUSED or a SQLSTATE. */
  readonly code?: string;
  /** The error behind this one. */
  readonly cause?: JobError;
}
