import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FetchJokeHandler } from './fetch-joke.handler.js';
import { JokeApi } from './joke-api.js';
import { Joke } from './joke.entity.js';
import { JokesController } from './jokes.controller.js';
import { JokesQuery } from './jokes.query.js';
import { JokesService } from './jokes.service.js';
import { JokesStore } from './jokes.store.js';
import { ScheduledFetchHandler } from './scheduled-fetch.handler.js';

/** The sample feature from end to end: jobs that fetch jokes from an API, a table of them, and a way to read it. */
@Module({
  imports: [TypeOrmModule.forFeature([Joke])],
  controllers: [JokesController],
  providers: [JokeApi, JokesStore, JokesQuery, JokesService, FetchJokeHandler, ScheduledFetchHandler],
})
export class JokesModule {}
