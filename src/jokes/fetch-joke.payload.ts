import { Text } from '../common/http/index.js';
import { CATEGORY } from './category.js';

/** Which joke to fetch. */
export class FetchJokePayload {
  @Text({ description: 'A category of the joke API; none = any joke.', ...CATEGORY, nullable: true })
  category?: string | null;
}
