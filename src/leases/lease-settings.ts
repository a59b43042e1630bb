/** What waiting for leases goes by. */
export interface LeaseSettings {
  /** Requests that wait at once in a process. */
  readonly mostWaiting: number;
  /** How often (ms) the line is looked at although nobody said that there is something. */
  readonly pollMs: number;
  /** The same where no notice can be heard. */
  readonly deafPollMs: number;
}

export const LEASE_SETTINGS = Symbol('lease settings');

export const leaseSettings: LeaseSettings = { mostWaiting: 1_000, pollMs: 1_000, deafPollMs: 250 };
