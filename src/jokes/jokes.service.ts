import { Injectable, Logger } from '@nestjs/common';
import type { JobContext } from '../worker/index.js';
import type { FetchedJoke } from './joke-answer.js';
import { JokeApi } from './joke-api.js';
import { JokeApiTimeoutError } from './joke-api.errors.js';
import { JokesStore } from './jokes.store.js';

/** What a job that fetched a joke answers with. */
export interface CachedJoke {
  readonly joke_id: string;
  readonly value: string;
  readonly category: string | null;
}

/** Fetches jokes for jobs and keeps them. Its log lines are what operators search for: they never change. */
@Injectable()
export class JokesService {
  private readonly logger = new Logger('Jokes');

  constructor(
    private readonly api: JokeApi,
    private readonly store: JokesStore,
  ) {}

  /** Fetches a random joke, of a category or of any, and keeps it. Safe to repeat. @throws JokeApiError */
  async fetchAndCache(job: JobContext, category?: string): Promise<CachedJoke> {
    const { jobId, attempt, maxAttempts } = job;
    this.logger.log(`Job ${jobId}: Fetching joke (attempt ${attempt}/${maxAttempts ?? 'unlimited'})`);
    const { id, value, url, iconUrl, categories } = await this.fetch(job, category);
    const joke = { jokeId: id, value, url, iconUrl, category: category ?? categories[0] ?? null };
    await this.store.save(joke);
    this.logger.log(`Job ${jobId}: Successfully cached joke`);
    return { joke_id: joke.jokeId, value: joke.value, category: joke.category };
  }

  private async fetch({ jobId, attempt, signal }: JobContext, category?: string): Promise<FetchedJoke> {
    try {
      return await this.api.random({ category, signal });
    } catch (error) {
      if (error instanceof JokeApiTimeoutError) {
        this.logger.warn(`Job ${jobId}: API timeout on attempt ${attempt}`);
      }
      throw error;
    }
  }
}
