import type { Bench } from '../bench.js';
import { attempts } from './attempts.js';
import { keys } from './keys.js';
import { order } from './order.js';

/** What every queue must do, told as what somebody does and what then is to be seen. */
export const scenarios: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  ...attempts,
  ...order,
  ...keys,
};
