// What of the API of before callers would miss: docs/api-versions.md has the rules.
import { at } from './resolved-schema.mjs';
import { SchemaBreaks } from './schema-breaks.mjs';

const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

/**
 * All that breaks callers of the API of before, each in one sentence with the operation in front.
 * @param {object} before an OpenAPI document
 * @param {object} after another one
 * @returns {string[]}
 */
export function apiBreaks(before, after) {
  const schemas = {
    request: new SchemaBreaks(before, after, 'request'),
    answer: new SchemaBreaks(before, after, 'answer'),
  };
  return operationsOf(before).flatMap(({ path, method, operation }) => {
    const name = `${method.toUpperCase()} ${path}`;
    const now = after.paths[path]?.[method];
    if (!now) return [`${name} is gone`];
    const breaks = [
      ...idBreaks(operation, now),
      ...accessBreaks(operation, now),
      ...parameterBreaks(operation, now, schemas.request),
      ...bodyBreaks(operation, now, schemas.request),
      ...answerBreaks(answersOf(operation, before), answersOf(now, after), schemas.answer),
    ];
    return breaks.map((text) => `${name}: ${text}`);
  });
}

/**
 * Whether a version may break what the other promised: by semantic versioning, where minor versions of 0 count as major.
 */
export function mayBreak(before, after) {
  const [from, to] = [before, after].map((version) => version.split('.').map(Number));
  return to[0] > from[0] || (to[0] === 0 && from[0] === 0 && to[1] > from[1]);
}

function operationsOf({ paths }) {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ path, method, operation: item[method] })),
  );
}

/** Generated clients call it so. */
function idBreaks({ operationId: before }, { operationId: after }) {
  return before === after ? [] : [`its operationId is ${after} now, not ${before}`];
}

/** Any of the ways in that there were must be one still, with no more scopes. */
function accessBreaks({ security: before = [] }, { security: after = [] }) {
  if (after.length === 0) return [];
  if (before.length === 0) return ['it needs a key now'];
  const isOpen = (way) =>
    after.some((now) =>
      Object.entries(now).every(
        ([scheme, scopes]) => way[scheme] && scopes.every((scope) => way[scheme].includes(scope)),
      ),
    );
  return before.every(isOpen) ? [] : ['it needs another key or another scope now'];
}

function parameterBreaks({ parameters: before = [] }, { parameters: after = [] }, schemas) {
  const keyOf = ({ in: place, name }) => `${place} ${place === 'header' ? name.toLowerCase() : name}`;
  const known = new Map(before.map((parameter) => [keyOf(parameter), parameter]));
  const now = new Map(after.map((parameter) => [keyOf(parameter), parameter]));
  return [
    ...[...known].flatMap(([key, parameter]) => {
      const successor = now.get(key);
      if (!successor) return [`the parameter ${parameter.name} is gone`];
      const place = `the parameter ${parameter.name}`;
      return [
        ...(successor.required && !parameter.required ? [`${place} must be sent now`] : []),
        ...schemas.between(parameter.schema, successor.schema, place),
      ];
    }),
    ...[...now]
      .filter(([key, { required }]) => required && !known.has(key))
      .map(([, { name }]) => `the parameter ${name} is new and must be sent`),
  ];
}

function bodyBreaks({ requestBody: before }, { requestBody: after }, schemas) {
  if (!before) return after?.required ? ['a body must be sent now'] : [];
  if (!after) return ['it takes no body any more'];
  const isForced = after.required && !before.required;
  return [
    ...(isForced ? ['a body must be sent now'] : []),
    ...Object.entries(before.content).flatMap(([type, { schema }]) =>
      after.content[type]
        ? schemas.between(schema, after.content[type].schema, 'the body')
        : [`it takes no ${type} any more`],
    ),
  ];
}

function answersOf({ responses }, document) {
  const answers = Object.entries(responses);
  return new Map(
    answers.map(([status, answer]) => [status, answer.$ref ? at(answer.$ref, document) : answer]),
  );
}

function answerBreaks(before, after, schemas) {
  return [...before].flatMap(([status, answer]) => {
    const now = after.get(status);
    if (!now) return [`it does not answer ${status} any more`];
    return [
      ...headerBreaks(answer, now, status),
      ...Object.entries(answer.content ?? {}).flatMap(([type, { schema }]) =>
        now.content?.[type]
          ? schemas.between(schema, now.content[type].schema, `the answer ${status}`)
          : [`the answer ${status} is no ${type} any more`],
      ),
    ];
  });
}

function headerBreaks({ headers: before = {} }, { headers: after = {} }, status) {
  return Object.entries(before).flatMap(([name, { required }]) => {
    if (!after[name]) return [`the answer ${status} has no header ${name} any more`];
    return required && !after[name].required ? [`the answer ${status} may have no header ${name} now`] : [];
  });
}
