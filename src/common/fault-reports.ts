/** Where a fault happened, and to whom; never a payload. */
export type FaultDetails = Readonly<Record<string, string | number>>;

export type FaultReporter = (error: unknown, details: FaultDetails) => void;

let installed: FaultReporter | undefined;

/** Tells this one of faults from now on, or nobody. */
export function installFaultReporter(reporter: FaultReporter | undefined): void {
  installed = reporter;
}

/** Tells whoever collects faults of one. Never throws. */
export function reportFault(error: unknown, details: FaultDetails): void {
  installed?.(error, details);
}
