/** A key that nobody else has: 128 random bits. By hand, since `randomUUID` is missing on pages that came without TLS. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
