import { readFileSync } from 'node:fs';

/** The fenced blocks of a document in this language, in their order. */
export function blocksIn(document: string, language: string): string[] {
  const fence = new RegExp(`^( *)\`\`\`${language}\\n([^]*?)^ *\`\`\`$`, 'gm');
  return [...readFileSync(document, 'utf8').matchAll(fence)].map(([, indent = '', text = '']) =>
    text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}
