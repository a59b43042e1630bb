import { createHash } from 'node:crypto';

/**
 * The id of the one job of a slot: the same in every process, so that whoever enqueues it first has made it and
 * all others find it there. A UUIDv7 (RFC 9562) as every job id: 48 bits of time, then, in place of chance, bits
 * of a SHA-256 over name and slot.
 * @param slot epoch milliseconds
 */
export function slotId(name: string, slot: number): string {
  const bytes = createHash('sha256').update(`${name}\0${slot}`).digest().subarray(0, 16);
  bytes.writeUIntBE(slot, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
