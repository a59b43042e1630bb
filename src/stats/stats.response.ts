import { Counts, Integer } from '../common/http/index.js';
import type { Breakdown } from './breakdown.js';

const amount = { min: 0, max: Number.MAX_SAFE_INTEGER } as const;

/** What the sample feature has done. */
export class StatsResponse {
  @Integer({ description: 'Jokes kept.', ...amount, example: 42 })
  total_jokes: number;

  @Counts({ description: 'Jokes by category.', example: { dev: 15, uncategorized: 27 } })
  categories: Breakdown;

  @Integer({ description: 'Jobs accepted in the last hour.', ...amount, example: 10 })
  recent_jobs: number;
}
