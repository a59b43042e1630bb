/** Any JSON object. */
export class AnyPayload {
  [key: string]: unknown;
}
