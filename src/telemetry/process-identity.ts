/** What traces and faults tell of the process they come from. */
export interface ProcessIdentity {
  readonly role: string;
  readonly processId: string;
}
