/** Who claims, and what it can run. */
export interface Claimant {
  readonly workerId: string;
  /** The types it has handlers for; jobs of others keep their place in line. Absent = it takes any. */
  readonly types?: readonly string[];
  /** How many jobs that must run alone it can start now; absent = as many as it asks for. Others keep their place in line. */
  readonly alone?: number;
  /**
   * How many jobs it can start at once; absent = as many as it asks for. Queues with limits give no more: what waits with
   * its worker would take the place of others.
   */
  readonly free?: number;
  /** Is told when (epoch ms, the database's clock) more jobs may start that a limit kept in line. */
  readonly lookAgain?: (at: number) => void;
  /** Until when an external worker holds its jobs without a word; absent for our own workers. */
  readonly leaseExpiresAt?: Date;
}
