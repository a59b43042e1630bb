import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Requires } from '../auth/index.js';
import { Answers } from '../common/http/index.js';
import { JokeResponse, toJokeResponse } from './joke.response.js';
import { JokesQuery } from './jokes.query.js';
import { JokeListResponse, ListJokesRequest } from './list-jokes.dto.js';

/** The jokes that jobs have fetched. */
@ApiTags('Jokes')
@Controller('jokes')
export class JokesController {
  constructor(private readonly jokes: JokesQuery) {}

  @Get()
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'listJokes', summary: 'List the jokes, the newest first' })
  @Answers({ status: 200, type: JokeListResponse, description: 'A part of the jokes.' })
  async list(@Query() request: ListJokesRequest): Promise<JokeListResponse> {
    const page = await this.jokes.list(request);
    return { ...page, jokes: page.jokes.map(toJokeResponse) };
  }

  @Get(':joke_id')
  @Requires('jobs:read')
  @ApiOperation({ operationId: 'getJoke', summary: 'Read a joke' })
  @ApiParam({
    name: 'joke_id',
    description: "The joke API's id.",
    schema: { type: 'string' },
    example: 'bvzcyyeyqrqs0-ynlqqfma',
  })
  @Answers({ status: 200, type: JokeResponse, description: 'The joke.' }, 'joke_not_found')
  async get(@Param('joke_id') jokeId: string): Promise<JokeResponse> {
    return toJokeResponse(await this.jokes.get(jokeId));
  }
}
