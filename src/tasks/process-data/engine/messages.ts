import type { Format, Outcome, Plan } from './plan.js';

/** What the thread is given when it starts. */
export interface ThreadData {
  readonly plan: Plan;
  /** Where a sort keeps its temporary file. */
  readonly folder: string;
  /** The input as an open file, read from its beginning; undefined = it is sent. */
  readonly fd: number | undefined;
}

export type ToThread =
  /** The next bytes of the input; null = its end. */
  | { readonly kind: 'input'; readonly bytes: Uint8Array | null }
  /** One more chunk of rows may be sent. */
  | { readonly kind: 'more' };

export type FromThread =
  /** The columns are known and rows will be written in this format. */
  | { readonly kind: 'began'; readonly format: Format }
  /** A chunk of the input that was sent has been used up. */
  | { readonly kind: 'used' }
  | { readonly kind: 'read'; readonly bytes: number }
  | { readonly kind: 'rows'; readonly bytes: Uint8Array }
  | { readonly kind: 'done'; readonly outcome: Outcome }
  /** The rows or the plan are at fault. */
  | { readonly kind: 'refused'; readonly message: string };
