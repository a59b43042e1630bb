/** The joke API did not give a joke. The message is shown with the job: it names no host and no address. */
export class JokeApiError extends Error {
  override readonly name: string = 'JokeApiError';
}

/** It has no jokes of this category, and will not have any at the next attempt. */
export class NoSuchCategoryError extends JokeApiError {
  override readonly name = 'NoSuchCategoryError';
}

/** It did not answer in time. */
export class JokeApiTimeoutError extends JokeApiError {
  override readonly name = 'JokeApiTimeoutError';
}
