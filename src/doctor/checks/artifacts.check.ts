import { access, constants } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Session } from '../../database/index.js';
import { SELECT_ARTIFACTS, SELECT_LATEST_FILES } from '../doctor.sql.js';
import { type Check, type Finding, error, ok, theRow } from '../finding.js';

/** Whether what jobs produce can be stored, and lies where this machine looks for it. */
export const artifactsCheck: Check = {
  name: 'artifacts',
  async examine({ session, config: { dataDir } }) {
    const findings = [...(await unwritable(dataDir)), ...(await missing(session, dataDir))];
    if (findings.length > 0) return findings;
    const { artifacts, files, size } = await theRow<{
      artifacts: number;
      files: number;
      size: string;
    }>(session, SELECT_ARTIFACTS);
    return [
      ok(`${artifacts} artifacts of jobs (${size}), ${files} of them as files in DATA_DIR (${dataDir})`),
    ];
  },
};

/** The folder, or, as the doctor changes nothing, the one above it in which it can be made. */
async function unwritable(dataDir: string): Promise<Finding[]> {
  for (let folder = dataDir; ; folder = dirname(folder)) {
    try {
      await access(folder, constants.W_OK | constants.X_OK);
      return [];
    } catch (failure) {
      const { code, message } = failure as NodeJS.ErrnoException;
      if (code === 'ENOENT' && folder !== dirname(folder)) continue;
      return [
        error(
          `DATA_DIR (${dataDir}) cannot be written (${message})`,
          'Jobs that produce files above 1 MiB fail here',
          `Give the user of the worker the rights on ${folder}, or set DATA_DIR to another folder`,
        ),
      ];
    }
  }
}

/** A sample: the latest files tell whether this is the folder that workers write to now. */
async function missing(session: Session, dataDir: string): Promise<Finding[]> {
  const { rows } = await session.query<{ folder: string; jobId: string; file: string }>(SELECT_LATEST_FILES);
  const found = await Promise.all(
    rows.map(({ folder, jobId, file }) =>
      access(join(dataDir, 'artifacts', folder, jobId.slice(-2), jobId, file)).then(
        () => true,
        () => false,
      ),
    ),
  );
  const gone = found.filter((isThere) => !isThere).length;
  if (gone === 0) return [];
  return [
    error(
      `${gone} of the latest ${rows.length} files of artifacts are not in DATA_DIR (${dataDir})`,
      'Whoever downloads them is told that they are not there',
      'Set DATA_DIR to the folder that the workers have, on several machines a shared one; or bring the files back from a backup',
    ),
  ];
}
