export { type AnswerHeader, documentedHeaders } from './answer-headers.js';
export { Also, Answers, OWN_PROBLEMS, Problems } from './answers.js';
export { refuseWhenLate } from './backpressure.js';
export {
  Choice,
  Decimal,
  Integer,
  JsonObjectField,
  ListOf,
  Nested,
  NestedList,
  Text,
  TextList,
  Truth,
  declare,
} from './fields.js';
export { allowOrigins } from './cors.js';
export { Counts } from './counts.js';
export { cursorFrom } from './id-cursor.js';
export { requireMatch } from './if-match.js';
export { refuseForeignSites } from './foreign-sites.js';
export { toInstance } from './instance.js';
export { jsonSchemaOf } from './json-schema.js';
export { parseJsonBody } from './json-body.js';
export { LAST_YEAR, Moment, isSchedulable, parseMoment } from './moment.js';
export { followRequests } from './request-context.js';
export { RouteMethods } from './method-not-allowed.js';
export { NEEDS_NO_DATABASE, NeedsNoDatabase } from './needs-no-database.js';
export { NextCursor, PageCursor, PageSize } from './pages.js';
export { isForProbes } from './probes.js';
export { ProblemFilter, sendUnroutable } from './problem.filter.js';
export { says } from './says.js';
export { sendSecurityHeaders } from './security-headers.js';
export { answerUnreadable } from './unreadable.js';
export { ValidationPipe, escapePointer, toValid } from './validation.js';
export { Without } from './without.js';
