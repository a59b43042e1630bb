import { QUEUE_NAME } from '../../common/index.js';
import { UsageError } from '../usage.error.js';

/** Words of small letters and digits, the first of which begins with a letter. */
const NAME = /^[a-z][a-z0-9]*([_-][a-z0-9]+)*$/;

const LONGEST_NAME = 50;

/** What the parts of a new job type are called. */
export interface TaskNames {
  /** `count_words`, under which jobs are submitted. */
  readonly type: string;
  /** `count-words`, of the folder and its files. */
  readonly file: string;
  /** `CountWords`, with which the names of its classes begin. */
  readonly className: string;
}

/** @throws UsageError when nothing can be called so */
export function taskNames(name: string): TaskNames {
  if (!NAME.test(name) || name.length > LONGEST_NAME) {
    throw new UsageError(
      `A task cannot be called "${name}": use small letters and digits, with "_" between words and ${LONGEST_NAME} characters at most, as in count_words.`,
    );
  }
  const words = name.split(/[_-]/);
  return {
    type: words.join('_'),
    file: words.join('-'),
    className: words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(''),
  };
}

/** @throws UsageError when no queue can be called so */
export function refuseBadQueue(queue: string): void {
  if (QUEUE_NAME.test(queue)) return;
  throw new UsageError(
    `A queue cannot be called "${queue}": it must start with a small letter or digit and hold only a-z, 0-9, ".", "_" and "-", 63 at most.`,
  );
}
