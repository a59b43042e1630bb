import {
  closeSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Slice } from './slice.js';

const PREFIX = 'sorted-rows-';

/** A name that a process left in the moment between making its file and taking the name away is removed after this time (ms). */
const FORGOTTEN_AFTER_MS = 60_000;

/** A piece of the file, in bytes. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

/**
 * The temporary file of one sort. It has no name: whatever becomes of the process, the system frees its space when the
 * last who has it open is gone.
 */
export class RunFile {
  private readonly fd: number;
  private size = 0;

  /** @param folder is made if need be */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    sweep(folder);
    const path = join(folder, `${PREFIX}${process.pid}-${Math.random().toString(36).slice(2)}`);
    this.fd = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
  }

  get length(): number {
    return this.size;
  }

  append({ buffer, start, end }: Slice): void {
    for (let at = start; at < end;) {
      const written = writeSync(this.fd, buffer, at, end - at, this.size);
      at += written;
      this.size += written;
    }
  }

  /** Fills the buffer from `at` on with what stands at `position`, up to `to`; returns the bytes read. */
  read(buffer: Buffer, at: number, position: number, to: number): number {
    return readSync(this.fd, buffer, at, Math.min(buffer.length - at, to - position), position);
  }

  close(): void {
    closeSync(this.fd);
  }
}

function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat && Date.now() - stat.mtimeMs > FORGOTTEN_AFTER_MS) rmSync(path, { force: true });
  }
}
