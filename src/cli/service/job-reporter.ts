import { ProgressBar } from '../output/progress-bar.js';
import { statusStyle, terminal } from '../output/terminal.js';
import { plainLine } from '../output/plain-text.js';
import type { EventAnswer, LogAnswer, ProgressAnswer } from './answers.js';
import type { News } from './news.js';

const LEVEL_COLOURS: Readonly<Record<string, Parameters<typeof terminal.style>[0]>> = {
  debug: 'gray',
  warn: 'yellow',
  error: 'red',
};

const EVENT_STATUS: Readonly<Record<string, string>> = {
  completed: 'COMPLETED',
  failed: 'FAILED',
  timed_out: 'FAILED',
  cancelled: 'CANCELLED',
  started: 'PROCESSING',
};

/** Shows what happens to a job: a line for each event, and its progress as a bar that stays below them. */
export class JobReporter {
  private readonly bar = new ProgressBar();

  constructor(private readonly wanted: { readonly asJson: boolean; readonly logsOnly?: boolean }) {}

  tell({ event, data }: News): void {
    const { asJson, logsOnly = false } = this.wanted;
    if (logsOnly && event !== 'log') return;
    if (asJson) terminal.printJsonLine(logsOnly ? data : { event, data });
    else if (event === 'log') this.tellLog(data as unknown as LogAnswer);
    else if (event === 'progress') this.tellProgress(data as unknown as ProgressAnswer);
    else if (event !== 'end') this.tellEvent(data as unknown as EventAnswer);
  }

  /** Says something that is no news of the job. */
  note(text: string): void {
    this.bar.above(() => terminal.note(text));
  }

  end(): void {
    this.bar.end();
  }

  private tellLog(line: LogAnswer): void {
    this.bar.above(() => process.stdout.write(`${logLine(line)}\n`));
  }

  private tellEvent({ at, event, attempt, error, actor }: EventAnswer): void {
    const style = statusStyle(EVENT_STATUS[event] ?? '') ?? ((text: string) => text);
    const more = [
      attempt > 0 && `attempt ${attempt}`,
      actor !== null && `by ${plainLine(actor)}`,
      error && plainLine(`${error.name}: ${error.message}`),
    ].filter(Boolean);
    // Whatever ends an attempt ends its progress.
    if (event !== 'started') this.bar.end();
    this.bar.above(() =>
      process.stdout.write(`${clock(at)}  ${style(event.padEnd(9))}  ${more.join('  ')}\n`),
    );
  }

  private tellProgress({ percent, message }: ProgressAnswer): void {
    this.bar.show({ share: percent / 100, says: message ?? '' });
    // Where no bar can be, it is a line like any other.
    if (!process.stderr.isTTY)
      process.stdout.write(`              ${percent} %  ${plainLine(message ?? '')}\n`);
  }
}

/** A line that a handler has logged, as it is shown. */
export function logLine({ at, level, message }: LogAnswer): string {
  const colour = LEVEL_COLOURS[level];
  const text = `${level.padEnd(5)}  ${plainLine(message)}`;
  return `${clock(at)}  ${colour === undefined ? text : terminal.style(colour)(text)}`;
}

/** The time of the day, in UTC. */
function clock(at: string): string {
  return at.slice(11, 23);
}
