import { statfs } from 'node:fs/promises';
import { SELECT_DATA_DIRECTORY, SELECT_SILENT, SELECT_UNSERVED } from '../doctor.sql.js';
import { type Check, type Finding, error, ok, orFine, warning } from '../finding.js';

const LOW_SHARE = 0.1;
const NEARLY_FULL_SHARE = 0.03;

export const workersCheck: Check = {
  name: 'workers',
  async examine({ session, config }) {
    const lostAfter = config.worker.deadAfterSeconds;
    const { rows: unserved } = await session.query<{
      queue: string;
      type: string;
      jobs: number;
      isServed: boolean;
    }>(SELECT_UNSERVED, [lostAfter]);
    const findings: Finding[] = unserved.map(({ queue, type, jobs, isServed }) =>
      isServed
        ? warning(
            `${jobs} jobs of type ${type} wait in ${queue}, and no worker there knows the type`,
            'They wait until one does',
            'Start a worker of a build that has a handler for it',
          )
        : error(
            `${jobs} jobs of type ${type} wait in ${queue}, and no worker serves the queue`,
            'They wait until one does',
            `Start one: npx roundhouse worker --queues=${queue}`,
          ),
    );
    const { rows: silent } = await session.query<{
      id: string;
      hostname: string;
      pid: number;
      seconds: number;
      jobs: number;
    }>(SELECT_SILENT, [lostAfter]);
    for (const { id, hostname, pid, seconds, jobs } of silent) {
      const who = `Worker ${id} (${hostname}, process ${pid})`;
      const holds = jobs > 0 ? ` and holds ${jobs} jobs` : '';
      findings.push(
        warning(
          `${who} has been silent for ${Math.round(seconds)} s${holds}`,
          jobs > 0
            ? 'Its jobs run again as soon as another worker or an API looks after them'
            : 'It has died or cannot reach the database',
          'Look at its machine and its logs; another worker takes its jobs over',
        ),
      );
    }
    return orFine(findings, 'Every waiting job has a worker');
  },
};

/** @param lowShare of the disk that should be free */
export const diskCheck = (lowShare = LOW_SHARE): Check => ({
  name: 'disk',
  async examine({ session }) {
    const { rows } = await session.query<{ folder: string | null }>(SELECT_DATA_DIRECTORY);
    const folder = rows[0]?.folder;
    const disk = folder ? await statfs(folder).catch(() => undefined) : undefined;
    if (!disk) return [];
    const share = disk.bavail / disk.blocks;
    const says = `${Math.round(share * 100)} % of the disk of ${folder} is free (${Math.round((disk.bavail * disk.bsize) / 2 ** 30)} GiB)`;
    if (share > lowShare) return [ok(says)];
    const report = share > NEARLY_FULL_SHARE ? warning : error;
    return [
      report(
        says,
        'When it is full no job can be accepted',
        'Free some space, or move the data to a larger disk',
      ),
    ];
  },
});
