/** Upper bounds in seconds: fine where a queue should be, coarse up to the two minutes where it hurts. */
export const SECONDS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
