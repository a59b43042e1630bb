import type { TaskNames } from './task-names.js';

/** The files of a new job type: it tells the length of a text, to be changed into what is wanted. */
export function taskFiles(names: TaskNames, queue: string | undefined): Record<string, string> {
  return {
    [`${names.file}.payload.ts`]: payload(names),
    [`${names.file}.handler.ts`]: handler(names, queue),
    [`${names.file}.spec.ts`]: spec(names),
  };
}

const payload = ({ type, className }: TaskNames) => `import { Text } from '../../common/http/index.js';

/** What a \`${type}\` job is given. */
export class ${className}Payload {
  @Text({ description: 'Any text.', minLength: 1, maxLength: 100_000, example: 'one two three' })
  text: string;
}
`;

const handler = (
  { type, file, className }: TaskNames,
  queue: string | undefined,
) => `import { type JobContext, JobHandler } from '../../worker/index.js';
import { ${className}Payload } from './${file}.payload.js';

/** Tells how long a text is. */
@JobHandler({
  type: '${type}',${queue === undefined ? '' : `\n  queue: '${queue}',`}
  description: 'Tells how long a text is.',
  payload: ${className}Payload,
  example: { text: 'one two three' },
})
export class ${className}Handler {
  async run(job: JobContext<${className}Payload>): Promise<{ length: number }> {
    return { length: job.payload.text.length };
  }
}
`;

const spec = ({ type, file, className }: TaskNames) => `import { toValid } from '../../common/http/index.js';
import type { JobContext } from '../../worker/index.js';
import { ${className}Handler } from './${file}.handler.js';
import { ${className}Payload } from './${file}.payload.js';

describe('a ${type} job', () => {
  test('tells how long its text is', async () => {
    const payload = await toValid(${className}Payload, { text: 'one two three' });
    const job = { payload } as JobContext<${className}Payload>;
    expect(await new ${className}Handler().run(job)).toEqual({ length: 13 });
  });

  test('needs a text', async () => {
    await expect(toValid(${className}Payload, {})).rejects.toMatchObject({ code: 'validation_failed' });
  });
});
`;
