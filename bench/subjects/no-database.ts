import { randomUUID } from 'node:crypto';
import { type Subject, serveCommands } from '../commands.js';
import { type ServedApi, serveApi } from './serve-api.js';

/** What the framework could do if nothing were stored. */
class NoDatabase implements Subject {
  private api: ServedApi | undefined;

  async prepare(): Promise<void> {
    return undefined;
  }

  async serve(): Promise<string> {
    this.api = await serveApi(async () => randomUUID());
    return this.api.url;
  }

  async stop(): Promise<void> {
    await this.api?.close();
  }
}

serveCommands(new NoDatabase());
