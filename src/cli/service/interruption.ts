import { EXIT_CODES } from '../exit-codes.js';

/**
 * Says something when somebody presses Ctrl+C meanwhile, and ends.
 * @param parting what is done last; it must not take long
 */
export async function interruptible<Result>(
  parting: () => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const leave = () => {
    parting();
    process.exit(EXIT_CODES.interrupted);
  };
  process.once('SIGINT', leave);
  try {
    return await work();
  } finally {
    process.off('SIGINT', leave);
  }
}
