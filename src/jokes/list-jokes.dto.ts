import { Integer, ListOf, Text } from '../common/http/index.js';
import { CATEGORY } from './category.js';
import { JokeResponse } from './joke.response.js';

const LARGEST_NUMBER = 2_147_483_647;

/** Which jokes to list. */
export class ListJokesRequest {
  @Integer({
    description: 'Jokes to leave out, from the newest on.',
    min: 0,
    max: LARGEST_NUMBER,
    optional: true,
    default: 0,
    example: 0,
  })
  skip?: number;

  @Integer({ description: 'Jokes a page.', min: 1, max: 100, optional: true, default: 10, example: 10 })
  limit?: number;

  @Text({ description: 'Only jokes of this category.', ...CATEGORY })
  category?: string;
}

/** A part of the jokes, the newest first. */
export class JokeListResponse {
  @ListOf({ description: 'The newest first.', of: JokeResponse })
  jokes: JokeResponse[];

  @Integer({
    description: 'All there are, of the category if one was named.',
    min: 0,
    max: LARGEST_NUMBER,
    example: 42,
  })
  total: number;

  @Integer({ description: 'How many were left out.', min: 0, max: LARGEST_NUMBER, example: 0 })
  skip: number;

  @Integer({ description: 'Jokes a page.', min: 1, max: 100, example: 10 })
  limit: number;
}
