import { makeValidator } from 'envalid';
import { listOf } from './validators.ts';

/** What browsers may do with the API, and what they are told. */
export interface Browsers {
  /** Names under which the API may be asked for, beside those that nobody can make lead elsewhere. */
  readonly hosts: readonly string[];
  /** Pages of these origins may call the API. */
  readonly origins: readonly string[];
  /** For how long browsers shall come back over https only, in seconds; 0 = nothing is said. */
  readonly hstsSeconds: number;
}

const HOST_NAME = /^\.?[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/;

/** Names of hosts, without ports; one that begins with a dot stands for all below it. */
export const hostNames = makeValidator<readonly string[]>((input) => {
  const names = listOf(input.toLowerCase());
  const fault = names.find((name) => name.length > 253 || !HOST_NAME.test(name));
  if (fault !== undefined) {
    throw new Error(
      `must be names such as jobs.example.org, or .example.org for all below it, separated by commas and without ports, not "${fault}"`,
    );
  }
  return names;
});

/** Origins of pages as browsers write them. `*` is none: a page that anybody wrote must be named. */
export const origins = makeValidator<readonly string[]>((input) => {
  const list = listOf(input).map((origin) => origin.replace(/\/$/, ''));
  const fault = list.find((origin) => !isOrigin(origin));
  if (fault !== undefined) {
    throw new Error(
      `must be origins such as https://app.example.org, separated by commas, each in full and none of them *, not "${fault}"`,
    );
  }
  return list;
});

function isOrigin(text: string): boolean {
  return /^https?:\/\/[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
