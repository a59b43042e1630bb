/** `at async Name.of [as alias] (file:///place.js:1:2)`, or without a name and brackets. */
const FRAME = /^\s*at (?:async )?(?:(.*?) \()?((?:file:\/\/|[a-z]:[\\/]|[\\/])[^()]*?):\d+:\d+\)?$/i;

/** Whose fault it is not: packages, and the worker that called the handler. */
const NOT_OWN = /(?:^|\/)(?:node_modules\/|src\/worker\/)/;

/** What a path is cut to where no folder of sources tells where the program begins. */
const LAST_PARTS = 2;

/**
 * The first line of a stack that is the program's own: function and file, the same on every machine, in every
 * build and wherever in the file the function stands. Undefined when there is none.
 */
export function ownFrame(stack: string): string | undefined {
  for (const line of stack.split('\n')) {
    const [, name = '', place] = FRAME.exec(line) ?? [];
    if (place === undefined) continue;
    const file = place.replace(/^file:\/\//, '').replaceAll('\\', '/');
    if (!NOT_OWN.test(file)) return `${functionName(name)} ${sourceOf(file)}`;
  }
  return undefined;
}

/** A method may be called by another name, and `new` or not. */
function functionName(name: string): string {
  return name.replace(/ \[as .*\]$/, '').replace(/^new /, '');
}

/** Below the folder of sources, without the extension: `/app/dist/src/mail/send.js` is `mail/send`, built or not. */
function sourceOf(file: string): string {
  const parts = file.replace(/\.[cm]?[jt]sx?$/, '').split('/');
  const start = Math.max(parts.lastIndexOf('src'), parts.lastIndexOf('dist'));
  return (start === -1 ? parts.slice(-LAST_PARTS) : parts.slice(start + 1)).join('/');
}
