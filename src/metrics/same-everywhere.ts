/** Of gauges that tell what the database knows. */
export const SAME_EVERYWHERE = 'Every API process reports the same: take the maximum, not the sum.';
