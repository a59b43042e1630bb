import { Choice, Text, declare, says } from '../../common/http/index.js';
import { artifactNameFault } from '../../artifacts/index.js';
import { HeaderText } from './mail-fields.js';

const LONGEST_CONTENT = 35_000_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const CONTENT_TYPE = /^[A-Za-z0-9!#$&^_.+-]+\/[A-Za-z0-9!#$&^_.+-]+(?:; ?charset=[A-Za-z0-9_-]+)?$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** A file of a mail: an artifact of a job, or a small one that the payload holds itself. */
export class MailAttachment {
  @Text({
    description: 'The job whose artifact is attached; together with `artifact`.',
    maxLength: 36,
    pattern: UUID,
    patternSays: 'must be the id of a job',
    format: 'uuid',
    optional: (of: MailAttachment) => !isOfAJob(of),
    example: '01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55',
  })
  job_id?: string;

  @declare(
    {
      description: 'The name of the artifact; together with `job_id`.',
      optional: (of: MailAttachment) => !isOfAJob(of),
      example: 'report.pdf',
    },
    { type: 'string', minLength: 1, maxLength: 255 },
    says('isArtifactName', (value) => {
      const fault = artifactNameFault(value);
      return fault && `$property ${fault}`;
    }),
  )
  artifact?: string;

  @HeaderText({
    description: 'What the recipient sees the file named. Default for an artifact: its own name.',
    maxLength: 255,
    optional: isOfAJob,
    example: 'Report February.pdf',
  })
  @says('isNoPath', (value) =>
    typeof value === 'string' && /[/\\]/.test(value)
      ? '$property must be a name without "/" and "\\"'
      : undefined,
  )
  filename?: string;

  @declare(
    {
      description: 'The content of a small file, in the place of `job_id` and `artifact`.',
      optional: isOfAJob,
    },
    { type: 'string', maxLength: LONGEST_CONTENT },
    says('isContent', contentFault),
  )
  content?: string;

  @Choice({
    description: 'How `content` is written.',
    choices: ['utf8', 'base64'],
    optional: true,
    default: 'utf8',
  })
  encoding?: 'utf8' | 'base64';

  @Text({
    description: 'A media type. Default: that of the artifact, or one that suits the file name.',
    maxLength: 255,
    pattern: CONTENT_TYPE,
    patternSays: 'must be a media type such as "text/csv" or "text/plain; charset=utf-8"',
    optional: true,
    example: 'application/pdf',
  })
  @says('isNotMultipart', (value) =>
    typeof value === 'string' && /^multipart\//i.test(value) ? '$property must not be multipart' : undefined,
  )
  content_type?: string;
}

function isOfAJob({ job_id, artifact }: MailAttachment): boolean {
  return job_id !== undefined || artifact !== undefined;
}

function contentFault(value: unknown, of: MailAttachment): string | undefined {
  if (isOfAJob(of) || value === undefined)
    return 'An attachment is either an artifact (job_id and artifact) or a file of its own (filename and content)';
  if (typeof value !== 'string' || value.length > LONGEST_CONTENT)
    return `$property must be text of at most ${LONGEST_CONTENT} characters`;
  if (value.includes('\0') || !value.isWellFormed())
    return '$property must not hold a NUL character or half of a surrogate pair: send such a file with "encoding": "base64"';
  if (of.encoding === 'base64' && !isBase64(value)) return '$property must be base64, as "encoding" says';
  return undefined;
}

function isBase64(text: string): boolean {
  const bare = text.replace(/\s+/g, '');
  return bare.length % 4 === 0 && BASE64.test(bare);
}
