const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** Seconds as a person says them: `45 s`, `3 min`, `2 h 5 min`, `4 d`. */
export function spoken(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const at = UNITS.findIndex(([size]) => whole >= size);
  const [size, name] = UNITS[at] ?? [1, 's'];
  const [nextSize, nextName] = UNITS[at + 1] ?? [1, 's'];
  const first = Math.floor(whole / size);
  const rest = Math.floor((whole - first * size) / nextSize);
  const more = rest > 0 && first < 10 && size >= 3_600 ? ` ${rest} ${nextName}` : '';
  return `${first} ${name}${more}`;
}

/** How old something is that began at a time of the service. */
export function age(time: string, now = Date.now()): string {
  return ago(time, now)?.replace(/ ago$/, '') ?? '';
}

/** How long ago, or how far ahead, a time of the service is by this machine's clock. */
export function ago(time: string | null, now = Date.now()): string | null {
  if (time === null) return null;
  const seconds = (now - Date.parse(time)) / 1000;
  if (Number.isNaN(seconds)) return time;
  return seconds < 0 ? `in ${spoken(-seconds)}` : `${spoken(seconds)} ago`;
}
