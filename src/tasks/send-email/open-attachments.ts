import type { Readable } from 'node:stream';
import type { Attachment } from 'nodemailer';
import { type JobArtifacts, PermanentFailure } from '../../worker/index.js';
import type { MailAttachment } from './mail-attachment.js';

/** Bytes of all attachments of a mail; as base64 they are a third more, which is what large providers take. */
const MOST_BYTES = 25 * 1024 * 1024;

/** Attachments ready to be sent. They hold files open until `close`. */
export interface OpenAttachments {
  readonly attachments: Attachment[];
  close(): void;
}

/**
 * Opens what is attached; artifacts are streamed.
 * @throws PermanentFailure when one does not exist, or all together have more than 25 MiB
 */
export async function openAttachments(
  wanted: readonly MailAttachment[],
  artifacts: JobArtifacts,
): Promise<OpenAttachments> {
  const streams: Readable[] = [];
  const attachments: Attachment[] = [];
  const close = () => streams.forEach((stream) => stream.destroy());
  let bytes = 0;
  try {
    for (const each of wanted) {
      const { size, content, ...described } = await opened(each, artifacts);
      if (!Buffer.isBuffer(content)) streams.push(content);
      bytes += size;
      if (bytes > MOST_BYTES) throw tooLarge();
      attachments.push({ ...described, content });
    }
  } catch (error) {
    close();
    throw error;
  }
  return { attachments, close };
}

interface Sized {
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
  readonly size: number;
  readonly content: Buffer | Readable;
}

function opened(wanted: MailAttachment, artifacts: JobArtifacts): Sized | Promise<Sized> {
  const { job_id: jobId, artifact: name } = wanted;
  return jobId === undefined || name === undefined
    ? inline(wanted)
    : stored({ jobId, name }, wanted, artifacts);
}

function inline({ filename, content = '', encoding, content_type: contentType }: MailAttachment): Sized {
  const bytes = Buffer.from(content, encoding ?? 'utf8');
  return { filename, contentType, size: bytes.length, content: bytes };
}

async function stored(
  { jobId, name }: { jobId: string; name: string },
  { filename, content_type }: MailAttachment,
  artifacts: JobArtifacts,
): Promise<Sized> {
  const { artifact, content } = await artifacts.open(jobId, name);
  return {
    filename: filename ?? artifact.name,
    contentType: content_type ?? typeOfPart(artifact.contentType),
    size: artifact.bytes,
    content,
  };
}

/** A multipart type would announce parts that a file does not have. */
function typeOfPart(contentType: string): string {
  return /^multipart\//i.test(contentType) ? 'application/octet-stream' : contentType;
}

function tooLarge(): PermanentFailure {
  return new PermanentFailure(
    `The attachments have more than ${MOST_BYTES / 1024 / 1024} MiB together: send a link to the artifacts instead, or several mails`,
  );
}
