import { childEnvironment, loadConfig } from '../../config/index.js';
import type { Command } from '../command.js';

/** EX_CONFIG of sysexits.h: there is nothing to look at. */
const CANNOT = 78;

export const doctor: Command = {
  extras: { json: { says: 'Print the findings as JSON.' } },
  examples: [{ line: 'roundhouse doctor --json', says: 'What a monitor would call.' }],
  async run(settings, { json }) {
    const config = loadConfig(childEnvironment(settings));
    // Loaded late, for nobody should wait for it who only asks for help.
    const { startDatabase } = await import('../../launcher/database.js');
    const { examine, report } = await import('../../doctor/index.js');
    const database = await startDatabase(config, (line) => process.stderr.write(`${line}\n`));
    try {
      const findings = await examine(database.config, database.isEmbedded);
      const text =
        json === undefined
          ? report(findings, { isColoured: process.stdout.isTTY && process.stdout.hasColors() })
          : asJson(findings);
      process.stdout.write(text);
      return findings.some(({ level }) => level === 'error') ? 1 : 0;
    } catch (error) {
      process.stderr.write(`${(error as Error).message}\n`);
      return CANNOT;
    } finally {
      await database.stop();
    }
  },
};

function asJson(findings: readonly object[]): string {
  return `${JSON.stringify({ findings }, undefined, 2)}\n`;
}
