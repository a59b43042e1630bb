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
  | { readonly kind: 'input'; readonly bytes: Uint8Array<ArrayBuffer> | null }
  /** A chunk of rows has been taken; its memory comes back for another one. */
  | { readonly kind: 'more'; readonly buffer: ArrayBuffer };

export type FromThread =
  /** The columns are known and rows will be written in this format. */
  | { readonly kind: 'began'; readonly format: Format }
  /** A buffer of the input has been read and comes back. */
  | { readonly kind: 'used'; readonly buffer: ArrayBuffer }
  | { readonly kind: 'read'; readonly bytes: number }
  | { readonly kind: 'rows'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'done'; readonly outcome: Outcome }
  /** The rows or the plan are at fault. */
  | { readonly kind: 'refused'; readonly message: string };
