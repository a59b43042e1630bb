import { type Type, applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';
import { ProblemResponse } from './problem.response.js';

interface Answer {
  readonly status: number;
  readonly type: Type<object>;
  readonly description: string;
}

/** What an operation answers: its success, and the statuses of the problems a caller can meet. */
export function Answers(success: Answer, ...problemStatuses: number[]): MethodDecorator {
  const problems = problemStatuses.map((status) =>
    ApiResponse({
      status,
      description: STATUS_CODES[status] ?? 'Problem',
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemResponse) } } },
    }),
  );
  return applyDecorators(ApiExtraModels(ProblemResponse), ApiResponse(success), ...problems);
}
