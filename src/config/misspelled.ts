import { distance } from 'fastest-levenshtein';

/** More letters make another word. */
const MOST_WRONG_LETTERS = 2;

/** Short names are near to what others use: HOST and HOME. */
const SHORTEST_NAME = 8;

/** Says which variables are no settings and look like one that is not set: whoever writes AUTHMODE believes to be safe. */
export function misspelledIn(env: NodeJS.ProcessEnv, settings: readonly string[]): string[] {
  const names = Object.keys(env).filter((name) => env[name]);
  const unset = settings.filter((name) => name.length >= SHORTEST_NAME && !env[name]);
  return names
    .filter((name) => !settings.includes(name))
    .flatMap((name) => {
      const meant = unset.find((setting) => isNear(name, setting));
      return meant === undefined
        ? []
        : [`${name} is ignored, for there is no such setting: ${meant} is probably meant`];
    });
}

function isNear(name: string, setting: string): boolean {
  const isAsLong = Math.abs(name.length - setting.length) <= MOST_WRONG_LETTERS;
  return isAsLong && distance(name.toUpperCase(), setting) <= MOST_WRONG_LETTERS;
}
