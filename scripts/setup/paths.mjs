import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the clone. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A file or folder of the clone. */
export const inRoot = (...names) => join(ROOT, ...names);

/** The Node.js that the project pins, once it is installed. */
export const PINNED_NODE = inRoot('node_modules', '.bin', 'node');
