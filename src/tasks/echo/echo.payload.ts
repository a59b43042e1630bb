/** Any JSON object. */
export class EchoPayload {
  [key: string]: unknown;
}
