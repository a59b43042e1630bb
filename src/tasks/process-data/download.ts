import { version } from '../../common/index.js';
import {
  type EgressRules,
  ForbiddenTargetError,
  type OpenResponse,
  type OutboundHttp,
  codeOf,
  isRefusal,
  targetOf,
} from '../../egress/index.js';
import { PermanentFailure } from '../../worker/index.js';
import { locationOf } from '../http-request/redirects.js';
import { type Source, kindOfMediaType, kindOfName } from './source.js';

const MOST_REDIRECTS = 3;

const HEADERS = { 'accept-encoding': 'identity', 'user-agent': `Roundhouse/${version}` };

/**
 * Opens what a URL leads to, over up to three redirects. Messages name no more of a URL than its origin.
 * @throws ForbiddenTargetError; PermanentFailure for an answer that would be the same again; what the network fails with
 */
export async function openDownload(
  http: OutboundHttp,
  rules: EgressRules,
  url: string,
  signal: AbortSignal,
): Promise<Source> {
  let { href } = rules.parse(url);
  for (let redirects = 0; ; redirects++) {
    const response = await request(http, href, signal);
    const location = locationOf(response);
    if (location === undefined) return await toSource(response, href);
    await response.close();
    if (redirects === MOST_REDIRECTS)
      throw new PermanentFailure(
        `${new URL(url).origin} redirected more than ${MOST_REDIRECTS} times: name the address it leads to`,
      );
    href = next(rules, href, location);
  }
}

async function request(http: OutboundHttp, url: string, signal: AbortSignal): Promise<OpenResponse> {
  try {
    return await http.open({ url, method: 'GET', headers: HEADERS, signal });
  } catch (error) {
    if (signal.aborted || error instanceof ForbiddenTargetError) throw error;
    throw interrupted(url, 'gave no answer that could be read', error);
  }
}

function next(rules: EgressRules, from: string, location: string): string {
  return rules.parse(targetOf(location, from), `The URL that ${new URL(from).origin} redirected to`).href;
}

async function toSource(response: OpenResponse, url: string): Promise<Source> {
  try {
    refuseOthers(response, new URL(url).origin);
  } catch (error) {
    await response.close();
    throw error;
  }
  const header = (name: string) => [response.headers[name]].flat()[0] ?? '';
  const length = header('content-length');
  return {
    chunks: told(response.body, url),
    bytes: length === '' ? undefined : Number(length),
    kind: { ...kindOfMediaType(header('content-type')), ...kindOfName(new URL(url).pathname) },
    close: () => response.close(),
  };
}

function refuseOthers({ status, headers }: OpenResponse, origin: string): void {
  if (isRefusal(status))
    throw new PermanentFailure(
      `${origin} answered with status ${status}: mend the URL, as it would be refused again`,
    );
  if (status !== 200) throw new Error(`${origin} answered with status ${status}: see what is wrong there`);
  const coding = [headers['content-encoding']].flat()[0] ?? 'identity';
  if (coding !== 'identity')
    throw new PermanentFailure(`${origin} sent the rows compressed (${coding}): offer them as they are`);
}

async function* told(body: AsyncIterable<Uint8Array>, url: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw interrupted(url, 'stopped in the middle of its answer', error);
  }
}

function interrupted(url: string, what: string, cause: unknown): Error {
  return new Error(`${new URL(url).origin} ${what}${codeOf(cause)}: check whether it is up`, { cause });
}
