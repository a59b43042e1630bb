/** What was written down as kept, with its patterns as Jest's: they stand for any text that fits. */
export function matching(kept: unknown): unknown {
  if (kept instanceof RegExp) return expect.stringMatching(kept);
  if (Array.isArray(kept)) return kept.map(matching);
  if (typeof kept !== 'object' || kept === null) return kept;
  // Members called __proto__ and constructor must stay what they are.
  return Object.fromEntries(Object.entries(kept).map(([name, inner]) => [name, matching(inner)]));
}
