import { extname } from 'node:path';
import type { Format } from './engine/plan.js';

/** Where rows come from. Exactly one of `fd` and `chunks` is there. */
export interface Source {
  /** A file that is open for reading. */
  readonly fd?: number;
  readonly chunks?: AsyncIterable<Uint8Array>;
  /** Undefined = not known before its end. */
  readonly bytes: number | undefined;
  /** What its name or its sender says it is. */
  readonly kind: SourceKind;
  close(): Promise<void>;
}

export interface SourceKind {
  readonly format?: Format;
  readonly delimiter?: string;
}

const BY_EXTENSION: Readonly<Record<string, SourceKind>> = {
  '.csv': { format: 'csv' },
  '.tsv': { format: 'csv', delimiter: '\t' },
  '.jsonl': { format: 'jsonl' },
  '.ndjson': { format: 'jsonl' },
};

const BY_MEDIA_TYPE: Readonly<Record<string, SourceKind>> = {
  'text/csv': { format: 'csv' },
  'text/tab-separated-values': { format: 'csv', delimiter: '\t' },
  'application/jsonl': { format: 'jsonl' },
  'application/x-ndjson': { format: 'jsonl' },
};

/** What the name of a file, or the path of a URL, says. */
export function kindOfName(name: string): SourceKind {
  return BY_EXTENSION[extname(name).toLowerCase()] ?? {};
}

/** What a header `Content-Type` says. */
export function kindOfMediaType(header: string): SourceKind {
  return BY_MEDIA_TYPE[header.split(';')[0]?.trim().toLowerCase() ?? ''] ?? {};
}

/** Rows that stand in the payload. */
export function inlineSource(text: string): Source {
  const bytes = Buffer.from(text);
  const chunks = async function* () {
    yield bytes;
  };
  return { chunks: chunks(), bytes: bytes.length, kind: {}, close: async () => undefined };
}
