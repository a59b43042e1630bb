import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Joke } from './joke.entity.js';

/** What is kept of a joke. */
export type StoredJoke = Pick<Joke, 'jokeId' | 'value' | 'category' | 'url' | 'iconUrl'>;

/** Writes jokes. */
@Injectable()
export class JokesStore {
  constructor(@InjectRepository(Joke) private readonly jokes: Repository<Joke>) {}

  /** Keeps a joke once, however often and by however many at a time it is saved; the latest text holds. */
  async save(joke: StoredJoke): Promise<void> {
    await this.jokes
      .createQueryBuilder()
      .insert()
      .values({ ...joke, updatedAt: () => 'now()' })
      .orUpdate(['value', 'category', 'url', 'icon_url', 'updated_at'], ['joke_id'])
      .updateEntity(false)
      .execute();
  }
}
