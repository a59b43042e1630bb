import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { DomainError } from '../common/index.js';
import { Joke } from './joke.entity.js';
import type { ListJokesRequest } from './list-jokes.dto.js';

/** The page that a request which names none gets. */
const FIRST_PAGE = { skip: 0, limit: 10 };

/** A part of the jokes, and how many there are in all. */
export interface JokePage {
  readonly jokes: Joke[];
  readonly total: number;
  readonly skip: number;
  readonly limit: number;
}

/** Reads jokes. */
@Injectable()
export class JokesQuery {
  constructor(@InjectRepository(Joke) private readonly jokes: Repository<Joke>) {}

  /** @throws DomainError joke_not_found, also when the id cannot be one */
  async get(jokeId: string): Promise<Joke> {
    // PostgreSQL refuses a NUL instead of finding nothing.
    const joke = jokeId.includes('\0') ? null : await this.jokes.findOneBy({ jokeId });
    if (!joke) {
      throw new DomainError(
        'joke_not_found',
        `There is no joke "${jokeId}": GET /jokes lists those there are`,
      );
    }
    return joke;
  }

  /** The jokes in the order they were first fetched, the newest first. */
  async list(request: ListJokesRequest): Promise<JokePage> {
    const { skip = FIRST_PAGE.skip, limit = FIRST_PAGE.limit, category } = request;
    const [jokes, total] = await this.jokes.findAndCount({
      ...(category === undefined ? {} : { where: { category } }),
      order: { id: 'DESC' },
      skip,
      take: limit,
    });
    return { jokes, total, skip, limit };
  }
}
