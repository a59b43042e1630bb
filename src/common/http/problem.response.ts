import { Integer, ListOf, Text } from './fields.js';

/** One fault of a request. */
export class FaultResponse {
  @Text({
    description: 'Where: a JSON pointer into the body, or the name of a query parameter.',
    maxLength: 1000,
    example: '/priority',
  })
  pointer: string;

  @Text({ description: 'What is wrong.', maxLength: 1000, example: 'priority must not be greater than 10' })
  detail: string;

  @Text({ description: 'The same as a stable code.', maxLength: 100, example: 'max' })
  code: string;
}

/** A problem as it leaves (RFC 9457). */
export class ProblemResponse {
  @Text({
    description: 'Names the kind of problem.',
    maxLength: 200,
    format: 'uri',
    example: 'urn:roundhouse:problem:validation_failed',
  })
  type: string;

  @Text({ description: 'The kind of problem in words.', maxLength: 200, example: 'The request is not valid' })
  title: string;

  @Integer({ description: 'The HTTP status.', min: 400, max: 599, example: 422 })
  status: number;

  @Text({
    description: 'One sentence that says what to do.',
    maxLength: 5000,
    example: 'priority must not be greater than 10',
  })
  detail: string;

  @Text({ description: 'The address that was asked.', maxLength: 2000, example: '/jobs' })
  instance: string;

  @Text({
    description: 'The kind of problem as a stable code.',
    maxLength: 100,
    example: 'validation_failed',
  })
  code: string;

  @Text({
    description: 'Finds the request in the log.',
    maxLength: 100,
    example: '9f1c2f5e-3a63-4bb5-9f4e-58a1ee0a7c9d',
  })
  request_id: string;

  @ListOf({ description: 'Every fault of the request.', of: FaultResponse, optional: true })
  errors?: FaultResponse[];
}
