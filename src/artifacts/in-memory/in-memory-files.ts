import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { ArtifactFiles, NewFile } from '../artifact-files.js';

/** The content of large artifacts, without a disk. */
@Injectable()
export class InMemoryFiles implements Pick<ArtifactFiles, 'create'> {
  private readonly contents = new Map<string, Buffer>();

  async create(): Promise<NewFile> {
    const pieces: Buffer[] = [];
    return {
      append: async (chunk) => void pieces.push(Buffer.from(chunk)),
      keep: async () => {
        const name = randomUUID();
        this.contents.set(name, Buffer.concat(pieces));
        return name;
      },
      discard: async () => undefined,
    };
  }

  /** The content of a file that was kept, which is then the caller's alone. */
  take(name: string): Buffer {
    const content = this.contents.get(name);
    if (!content) throw new Error(`There is no file ${name}`);
    this.contents.delete(name);
    return content;
  }
}
