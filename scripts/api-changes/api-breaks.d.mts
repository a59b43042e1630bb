/** All that breaks callers of the API of before, each in one sentence with the operation in front. */
export function apiBreaks(before: object, after: object): string[];

/** Whether a version may break what the other promised. */
export function mayBreak(before: string, after: string): boolean;
