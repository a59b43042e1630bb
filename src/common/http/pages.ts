import { Integer, Text } from './fields.js';

const MOST = 200;
const DEFAULT = 50;

/** How many a page of a list has: up to `max`. Whoever says nothing gets 50. */
export function PageSize({ max = MOST, note = '' } = {}): PropertyDecorator {
  return Integer({
    description: `How many there are on a page at most${note}.`,
    min: 1,
    max,
    optional: true,
    default: DEFAULT,
    example: DEFAULT,
  });
}

/** Where the page before has ended. */
export function PageCursor(): PropertyDecorator {
  return Text({
    description: 'The `next_cursor` of the page before; left out = the first page.',
    minLength: 1,
    maxLength: 200,
    optional: true,
  });
}

/** Where the next page begins. */
export function NextCursor(): PropertyDecorator {
  return Text({
    description: 'Pass it as `cursor` to read the next page; null on the last one.',
    maxLength: 200,
    nullable: true,
    example: null,
  });
}
