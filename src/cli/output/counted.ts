/** `1 job`, `2 jobs`. */
export function jobsOf(count: number): string {
  return `${count} job${count === 1 ? '' : 's'}`;
}
