import { Text } from '../common/http/index.js';
import type { Joke } from './joke.entity.js';

const time = { maxLength: 30, format: 'date-time', example: '2026-02-01T14:30:00.000Z' } as const;
const address = { maxLength: 2_000, nullable: true } as const;

/** A joke as it leaves. */
export class JokeResponse {
  @Text({ description: "The joke API's id.", maxLength: 200, example: 'bvzcyyeyqrqs0-ynlqqfma' })
  joke_id: string;

  @Text({ description: 'The joke.', maxLength: 65_536, example: 'Chuck Norris can divide by zero.' })
  value: string;

  @Text({ description: 'Null when it has none.', maxLength: 100, nullable: true, example: 'dev' })
  category: string | null;

  @Text({
    description: 'Its page.',
    ...address,
    example: 'https://api.chucknorris.io/jokes/bvzcyyeyqrqs0-ynlqqfma',
  })
  url: string | null;

  @Text({
    description: 'Its picture.',
    ...address,
    example: 'https://api.chucknorris.io/img/avatar/chuck-norris.png',
  })
  icon_url: string | null;

  @Text({ description: 'When it was first fetched.', ...time })
  created_at: string;

  @Text({ description: 'When it was last fetched.', ...time })
  updated_at: string;
}

/** The joke as it leaves. */
export function toJokeResponse(joke: Joke): JokeResponse {
  return {
    joke_id: joke.jokeId,
    value: joke.value,
    category: joke.category,
    url: joke.url,
    icon_url: joke.iconUrl,
    created_at: joke.createdAt.toISOString(),
    updated_at: joke.updatedAt.toISOString(),
  };
}
