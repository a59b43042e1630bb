/** What is kept of an error: enough to find the fault, nothing that could carry a secret along. */
export interface JobError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}
