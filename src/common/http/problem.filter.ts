import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { reportFault } from '../fault-reports.js';
import { DomainError, type Fault, type ProblemCode, messageOf, problems } from '../errors.js';
import { addSecurityHeaders } from './security-headers.js';

/** How a problem leaves (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: ProblemCode;
  readonly request_id: string;
  readonly errors?: readonly Fault[];
}

/** Codes of errors that Fastify and Nest raise before our own code is reached, by status. */
const CODE_BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'bad_request',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
};

const DETAILS: Readonly<Partial<Record<ProblemCode, string>>> = {
  not_found: 'Nothing answers at this address. GET /docs lists what there is.',
  payload_too_large:
    'The body is larger than MAX_PAYLOAD_BYTES allows: send less, or a reference to the data',
  unsupported_media_type: 'Send JSON, with the header Content-Type: application/json',
};

/** Answers an address that the router cannot even look up, before any filter is reached. */
export function sendUnroutable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const problem =
    error.code === 'FST_ERR_BAD_URL'
      ? new DomainError('bad_request', 'The address is not well encoded: write "%" as "%25"')
      : new DomainError('not_found', DETAILS.not_found ?? problems.not_found.title);
  addSecurityHeaders(reply);
  sendProblem(problem, request, reply);
}

/** Speaks HTTP for every error: problem+json, and nothing internal in it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  /**
   * @param asUnavailable what to say of errors after which asking again helps: the database is away, full or overloaded
   * @param methodsOf the methods an address answers
   */
  constructor(
    private readonly asUnavailable: (error: unknown) => DomainError | undefined,
    private readonly methodsOf: (path: string) => string[],
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return;
    const known = this.orWrongMethod(this.toDomainError(error), request, reply);
    if (known.code === 'internal_error') this.noteFault(error, request);
    sendProblem(known, request, reply);
  }

  private noteFault(error: unknown, request: FastifyRequest): void {
    const { id, method, routeOptions } = request;
    this.logger.error(`${method} ${withoutToken(pathOf(request))}: ${messageOf(error)}`, stackOf(error));
    reportFault(error, { request_id: id, route: `${method} ${routeOptions.url ?? 'none'}` });
  }

  /** An address that nothing answers may still answer another method. */
  private orWrongMethod(error: DomainError, request: FastifyRequest, reply: FastifyReply): DomainError {
    if (error.code !== 'not_found') return error;
    const methods = this.methodsOf(pathOf(request));
    if (methods.length === 0 || methods.includes(request.method)) return error;
    void reply.header('Allow', methods.join(', '));
    return new DomainError(
      'method_not_allowed',
      `${request.method} is not possible here: use ${methods.join(' or ')}`,
    );
  }

  private toDomainError(error: unknown): DomainError {
    if (error instanceof DomainError) return error;
    const unavailable = this.asUnavailable(error);
    if (unavailable) return unavailable;
    const code = CODE_BY_STATUS[statusOf(error) ?? 500] ?? 'internal_error';
    const detail = DETAILS[code] ?? (code === 'internal_error' ? INTERNAL_DETAIL : messageOf(error));
    return new DomainError(code, detail, { cause: error });
  }
}

/** As long as the document says, in characters. */
const LONGEST_DETAIL = 5_000;
const LONGEST_INSTANCE = 2_000;
const LONGEST_IN_FAULT = 1_000;

const INTERNAL_DETAIL = 'Something went wrong on our side. The log has the details under this request_id.';

function sendProblem(error: DomainError, request: FastifyRequest, reply: FastifyReply): void {
  const retryAfter = error.options.retryAfterSeconds;
  if (retryAfter !== undefined) void reply.header('Retry-After', String(retryAfter));
  if (error.code === 'unauthenticated') void reply.header('WWW-Authenticate', 'Bearer realm="roundhouse"');
  void reply
    .status(problems[error.code].status)
    .header('X-Request-Id', request.id)
    .header('Content-Type', 'application/problem+json')
    .send(toProblem(error, request));
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '/';
}

/** Whoever has the token of a lease can end its job; addresses are logged, here and by callers. */
function withoutToken(url: string): string {
  return url.replace(/^(\/+leases\/+)[^/?]+/i, '$1…');
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}

function toProblem(error: DomainError, request: FastifyRequest): Problem {
  const { status, title } = problems[error.code];
  const { faults, members } = error.options;
  return {
    type: `urn:roundhouse:problem:${error.code}`,
    title,
    status,
    detail: cut(error.message, LONGEST_DETAIL),
    instance: cut(withoutToken(pathOf(request)), LONGEST_INSTANCE),
    code: error.code,
    request_id: request.id,
    ...members,
    ...(faults ? { errors: faults.map(cutFault) } : {}),
  };
}

/** Whoever sends a name of 100 KB gets the beginning of it back. */
function cutFault({ pointer, detail, code }: Fault): Fault {
  return { pointer: cut(pointer, LONGEST_IN_FAULT), detail: cut(detail, LONGEST_IN_FAULT), code };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
