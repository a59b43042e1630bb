/** Of gauges that tell what the database knows. */
export const SAME_EVERYWHERE = 'Every API process reports the same: take the maximum, not the sum.';

/** For so long (ms) an answer of the database serves where several gauges are made from it. */
export const ONE_SCRAPE_MS = 2_000;
