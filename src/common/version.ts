import { readFileSync } from 'node:fs';
import { projectFolder } from './project-folder.js';

const PACKAGE = new URL('package.json', projectFolder(new URL('.', import.meta.url)));

/** The version of this build. */
export const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
