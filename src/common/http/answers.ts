import { type Type, applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';
import { ProblemResponse } from './problem.response.js';

type Answer = { readonly status: number; readonly description: string } & (
  | { readonly type: Type<object> }
  /** By media type, where there is more than JSON. */
  | {
      readonly content: Record<
        string,
        {
          readonly schema:
            | { readonly $ref: string }
            | { readonly type: 'string' }
            | { readonly oneOf: { readonly $ref: string }[] };
        }
      >;
    }
);

/** What an operation answers: its success, and the statuses of the problems a caller can meet. */
export function Answers(success: Answer, ...problemStatuses: number[]): MethodDecorator {
  return applyDecorators(ApiResponse(success), Problems(...problemStatuses));
}

/** The statuses of the problems a caller can meet, for an operation that answers nothing on success. */
export function Problems(...statuses: number[]): MethodDecorator {
  const problems = statuses.map((status) =>
    ApiResponse({
      status,
      description: STATUS_CODES[status] ?? 'Problem',
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemResponse) } } },
    }),
  );
  return applyDecorators(ApiExtraModels(ProblemResponse), ...problems);
}
