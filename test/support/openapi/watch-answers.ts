import type { SeenAnswer } from './answer-faults.js';

/** The addresses of APIs of the product that tests have started. */
const watched = new Set<string>();

/** From now on every answer of the API at this address is held against openapi.json. */
export function watchAnswersOf(address: string): void {
  watched.add(new URL(address).origin);
}

const tolerated = new Set<number>();

/** For a test that breaks what is under the API: until its end this status is no fault, whatever is documented. */
export function tolerateStatus(status: number): void {
  tolerated.add(status);
}

/** Longer than any answer takes whose head has arrived. */
const PATIENCE_MS = 5_000;

/** Reads along with everybody who fetches something, and keeps what is wrong with the answers. */
export class AnswerWatch {
  private readonly reading = new Set<Promise<void>>();
  private readonly found = new Set<string>();

  /** The same as `send`, but that answers of watched addresses are looked at. */
  over(send: typeof fetch): typeof fetch {
    return async (input, init) => {
      const answer = await send(input, init);
      const { origin, pathname, search } = new URL(input instanceof Request ? input.url : input);
      if (!watched.has(origin) || tolerated.has(answer.status)) return answer;
      const looked = this.look((init?.method ?? 'GET').toUpperCase(), pathname + search, answer);
      this.reading.add(looked);
      void looked.finally(() => this.reading.delete(looked));
      return answer;
    };
  }

  /** What was found since the last time, once all that was answered has been looked at. Nothing is tolerated from now on. */
  async faults(): Promise<string[]> {
    tolerated.clear();
    const timer = Promise.withResolvers<void>();
    const timeout = setTimeout(timer.resolve, PATIENCE_MS);
    await Promise.race([Promise.all(this.reading), timer.promise]);
    clearTimeout(timeout);
    const faults = [...this.found];
    this.found.clear();
    return faults;
  }

  private async look(method: string, url: string, answer: Response): Promise<void> {
    const headers = Object.fromEntries(answer.headers);
    const text = isRead(headers) ? readAlong(answer) : undefined;
    const { answerFaults } = await import('./answer-faults.js');
    const seen: SeenAnswer = { method, url, status: answer.status, headers, body: await text };
    for (const fault of answerFaults(seen)) this.found.add(fault);
  }
}

/** Streams may never end, and files are nobody's business here. */
function isRead(headers: Record<string, string>): boolean {
  const type = headers['content-type'];
  return type === undefined || /\bjson\b/.test(type);
}

/** undefined when the connection broke, or the test has let go of the answer. */
function readAlong(answer: Response): Promise<string | undefined> {
  return answer
    .clone()
    .text()
    .catch(() => undefined);
}
