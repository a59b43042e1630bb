/** A number from 0 (included) to 1 (excluded); injected, so that tests decide it. */
export type Random = () => number;

/** The injection token of the source of randomness. */
export const RANDOM = Symbol('RANDOM');
