/**
 * A deep copy of plain data: JSON, dates, maps and sets of text. Unlike structuredClone it makes objects of the caller's realm, which
 * test runners tell apart.
 */
export function copyOf<T>(value: T): T;
export function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return new Date(value);
  if (value instanceof Map) return new Map([...value].map(([key, member]) => [key, copyOf(member)] as const));
  if (value instanceof Set) return new Set(value);
  if (Array.isArray(value)) return value.map((member: unknown) => copyOf(member));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyOf(member)]));
}
