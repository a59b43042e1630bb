/** On the command line of a worker that ends as soon as it finds nothing more to do. */
export const ONCE_FLAG = '--once';

/** Whether this process is one. */
export function worksOnce(): boolean {
  return process.argv.includes(ONCE_FLAG);
}
