/** What the name of a category may look like, as options of a text field. */
export const CATEGORY = {
  minLength: 1,
  maxLength: 100,
  pattern: /^[A-Za-z0-9_-]+$/,
  patternSays: 'must hold only letters, digits, "-" and "_"',
  optional: true,
  example: 'dev',
} as const;
