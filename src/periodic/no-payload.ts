/** None: whatever is sent is ignored. */
export class NoPayload {
  [key: string]: unknown;
}
