import { createHash } from 'node:crypto';

/** Who asks for jobs over HTTP, and which. */
export interface ExternalWorker {
  readonly id: string;
  /** The name it gives itself. */
  readonly name: string;
  /** Its User-Agent. */
  readonly agent: string;
  readonly queues: readonly string[];
  /** Absent = every declared type. */
  readonly types?: readonly string[];
  /** Jobs at a time. */
  readonly max: number;
}

/** The id of an external worker: the same for the same name in every process, in the form of a UUID of one's own (version 8). */
export function idOfExternalWorker(name: string): string {
  const bytes = createHash('sha256').update(`external worker\0${name}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
