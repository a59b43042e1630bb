import { build, buildIsCurrent } from './build.mjs';
import { SetupError } from './errors.mjs';
import { install, installIsCurrent } from './install.mjs';
import { lockSetup } from './lock.mjs';

/**
 * Installs and builds as needed, one process at a time.
 * @param {{ forceBuild: boolean }} options
 * @returns {Promise<number>} the exit code
 */
export async function setUp({ forceBuild }) {
  if (!forceBuild && installIsCurrent() && buildIsCurrent()) return 0;
  try {
    const unlock = await lockSetup();
    try {
      // Asked again: whoever had the lock before us may have done the work.
      if (!installIsCurrent()) await install();
      if (forceBuild || !buildIsCurrent()) await build();
    } finally {
      unlock();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    if (error.details) console.error(error.details);
    console.error(error.message);
    return error.exitCode;
  }
}
