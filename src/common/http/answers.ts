import { type Type, applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiExtraModels, ApiResponse } from '@nestjs/swagger';
import type { ProblemCode } from '../errors.js';
import { type AnswerHeader, documentedHeaders } from './answer-headers.js';
import { ProblemResponse } from './problem.response.js';

type Answer = {
  readonly status: number;
  readonly description: string;
  /** Those that are always sent with it. */
  readonly headers?: readonly AnswerHeader[];
  /** Those that are sent with it at times. */
  readonly maybe?: readonly AnswerHeader[];
} & (
  | { readonly type: Type<object> }
  /** By media type, where there is more than JSON; nothing where there is no body. */
  | {
      readonly content?: Record<
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

/** Where an operation says which problems it has; the document says it otherwise in the end. */
export const OWN_PROBLEMS = 'x-own-problems';

/**
 * What an operation answers: its success, and the problems that only operations like it have. Those that come of having
 * a body, an address or a header are added to the document as a whole.
 */
export function Answers(success: Answer, ...problems: ProblemCode[]): MethodDecorator {
  return applyDecorators(Also(success), Problems(...problems));
}

/** Another success of an operation. */
export function Also({ headers = [], maybe = [], ...answer }: Answer): MethodDecorator {
  return ApiResponse({ ...answer, ...documentedHeaders(headers, maybe) });
}

/** The problems that only operations like this one have, for one whose success is described elsewhere. */
export function Problems(...codes: ProblemCode[]): MethodDecorator {
  return applyDecorators(ApiExtraModels(ProblemResponse), ApiExtension(OWN_PROBLEMS, codes));
}
