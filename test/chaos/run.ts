import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Arena, query } from './arena/arena.js';
import { FaultDriver, describeFault } from './arena/fault-driver.js';
import { Chance } from './chance.js';
import { now } from './clock.js';
import { planFaults } from './fault-plan.js';
import { Backlog } from './load/backlog.js';
import { LoadClient } from './load/client.js';
import { WishList } from './load/requests.js';
import { findMended } from './mended.js';
import { type Options, USAGE, commandFor, parseOptions } from './options.js';
import { ownAudit } from './own-audit.js';
import { type Report, cores, hasFailed, toText } from './report.js';
import { COUNT_UNFINISHED } from './verdict/facts.sql.js';
import { readDatabase, readRecords } from './verdict/facts.js';
import { judge } from './verdict/verdict.js';

/** How long (ms) requests may go on asking after the last fault. */
const LAST_ANSWERS_MS = 60_000;

const LOOK_AGAIN_MS = 250;

/**
 * The product as its users run it, with everything going wrong at once; beside it a recorder that the product knows
 * nothing of. At the end both are compared.
 */
const options = parseOptions(process.argv.slice(2));
if (options === 'help') console.log(USAGE);
else if (options.dryRun) showPlan(options);
else process.exitCode = await run(options);

function showPlan(wanted: Options): void {
  for (const fault of planFaults(wanted))
    console.log(`${(fault.atMs / 1000).toFixed(1)} s ${describeFault(fault)}`);
}

async function run(wanted: Options): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'roundhouse-chaos-'));
  console.log(`${commandFor(wanted)}\nRecords and logs: ${folder}`);
  const report = await makeReport(wanted, folder);
  console.log(toText(report));
  if (wanted.json) writeFileSync(wanted.json, `${JSON.stringify(report, null, 2)}\n`);
  const failed = hasFailed(report);
  if (!failed && !wanted.keep) await rm(folder, { recursive: true, force: true });
  else console.log(`Records and logs are kept in ${folder}`);
  return failed ? 1 : 0;
}

async function makeReport(wanted: Options, folder: string): Promise<Report> {
  const log = (line: string) => writeFileSync(join(folder, 'chaos.log'), `${line}\n`, { flag: 'a' });
  const arena = await Arena.open(folder, wanted, log);
  try {
    const backlog = new Backlog(arena.server.url);
    const client = new LoadClient(
      new WishList(new Chance(`${wanted.seed} load`)),
      () => arena.addresses(),
      join(folder, 'accepted.jsonl'),
      backlog,
    );
    const driver = new FaultDriver(arena, log);
    const load = Promise.all([client.run(wanted.rate), backlog.watch()]);
    const lengthMs = wanted.minutes * 60_000;
    await Promise.all([driver.run(planFaults(wanted), lengthMs), pause(lengthMs)]);
    for (const slot of arena.slots()) slot.unfreeze();
    await client.stop(LAST_ANSWERS_MS);
    backlog.stop();
    await load;
    await untilFinished(arena.server.url, wanted.patience * 1000);
    const audited = await ownAudit(arena.server.url);
    await arena.stopProcesses();
    const facts = {
      ...(await readDatabase(arena.server.url)),
      records: await readRecords(join(folder, 'records')),
      asked: client.asked,
      lives: arena.lives(),
      deaths: arena.children.deaths,
      outages: arena.watch.outages,
    };
    const verdict = judge(facts);
    return {
      ...verdict,
      findings: [...verdict.findings, await findMended(folder), audited],
      options: wanted,
      date: new Date().toISOString().slice(0, 10),
      cores: cores(),
      struck: driver.struck,
      connectionsCut: driver.cut,
      outageMs: arena.watch.outages.reduce((sum, { from, to }) => sum + to - from, 0),
      requests: client.requests,
      repeated: client.repeated,
      endedByThemselves: facts.lives
        .filter(({ how }) => how === 'by itself')
        .map(({ slot, exit }) => `${slot} (${exit})`),
    };
  } finally {
    await arena.close();
  }
}

/** Waits until every job has ended, or patience has. */
async function untilFinished(url: string, patienceMs: number): Promise<void> {
  const deadline = now() + patienceMs;
  for (;;) {
    const rows = await query<{ count: number }>(url, COUNT_UNFINISHED).catch(() => undefined);
    if (rows?.[0]?.count === 0 || now() > deadline) return;
    await pause(LOOK_AGAIN_MS);
  }
}
