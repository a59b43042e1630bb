import { setTimeout as pause } from 'node:timers/promises';
import { EXIT_CODES } from '../exit-codes.js';
import { ProgressBar } from '../output/progress-bar.js';
import { terminal } from '../output/terminal.js';
import { spoken } from '../output/times.js';
import type { OperationAnswer } from './answers.js';
import { interruptible } from './interruption.js';
import { patiently } from './patiently.js';
import { type Service, pathOf } from './service.js';

/** How often (ms) it is asked how far an operation has come. */
const LOOK_MS = 400;

const ENDS = ['completed', 'aborted', 'failed'];

/** Waits for the end of a bulk operation, shows how far it is, and what has come of it. @returns the exit code */
export async function followOperation(
  service: Service,
  begun: OperationAnswer,
  { asJson }: { asJson: boolean },
): Promise<number> {
  const bar = new ProgressBar();
  const id = begun.operation_id;
  const parting = () => {
    bar.end();
    terminal.note(
      `It goes on without you: "roundhouse operations watch ${id}" comes back to it, "abort" ends it.`,
    );
  };
  const ended = await interruptible(parting, async () => {
    let operation = begun;
    while (!ENDS.includes(operation.state)) {
      bar.show({ share: shareOf(operation), says: sumOf(operation) });
      await pause(LOOK_MS);
      operation = await patiently(() => service.get<OperationAnswer>(pathOf`/bulk-operations/${id}`));
    }
    return operation;
  });
  bar.end();
  if (asJson) terminal.printJson(ended);
  else report(ended);
  return ended.state === 'completed' && ended.failed === 0 ? EXIT_CODES.done : EXIT_CODES.failed;
}

function shareOf({ matched, done, skipped, failed }: OperationAnswer): number | undefined {
  return matched === null || matched === 0 ? undefined : (done + skipped + failed) / matched;
}

function sumOf({ action, state, matched, done, skipped, failed, eta }: OperationAnswer): string {
  if (state === 'queued') return `${action}: waits for a worker`;
  const of = matched === null ? '' : ` of ${matched}`;
  const others = [skipped > 0 && `${skipped} skipped`, failed > 0 && `${failed} failed`];
  const left = eta === null ? false : `${spoken((Date.parse(eta) - Date.now()) / 1000)} left`;
  return [`${action}: ${done}${of}`, ...others, left].filter(Boolean).join(', ');
}

function report(operation: OperationAnswer): void {
  terminal.print(
    `Operation ${operation.operation_id} ${operation.state}: ${sumOf({ ...operation, eta: null })}.`,
  );
  if (operation.error_message !== null) terminal.print(operation.error_message);
  for (const { detail, count } of operation.errors) terminal.print(`  ${count} times: ${detail}`);
}
