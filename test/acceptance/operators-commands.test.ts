import { join } from 'node:path';
import { commandsUnder } from '../support/documented.js';
import { type Machine, describeWithPostgres, ownMachine } from '../support/own-machine.js';
import { Service, ownHome } from '../support/service.js';

const OPERATE = 'docs/operate';

describeWithPostgres('the commands that operators are shown', () => {
  const home = ownHome();
  let machine: Machine;
  let environment: Record<string, string>;
  let service: Service;

  beforeAll(async () => {
    machine = await ownMachine();
    environment = { ...home.environment, DATABASE_URL: machine.url };
    await machine.operate('roundhouse migrate', environment);
  });
  afterAll(async () => {
    await service?.stop();
    await machine?.remove();
    home.remove();
  });

  test('set PostgreSQL up, which starts with it', async () => {
    const [settings] = commandsUnder(`${OPERATE}/postgresql.md`, 'For the server');
    await machine.run(settings!);
    const wanted = Array.from(settings!.matchAll(/SET (\w+) = '?(\w+\.?\w*)'?;/g), ([, name, value]) => [
      name,
      value,
    ]);
    expect(wanted.length).toBeGreaterThan(10);
    for (const [name, value] of wanted)
      expect([name, await machine.run(`psql -Atd postgres -c 'SHOW ${name!}'`)]).toEqual([
        name,
        `${value!}\n`,
      ]);
  });

  test('show how tables grow and how they are kept, while the service works', async () => {
    service = await Service.start(machine.url, environment);
    await service.jobWith('COMPLETED', await service.submit({ payload: {} }));
    const [sizes, rebuild] = commandsUnder(`${OPERATE}/growth.md`, 'What grows') as [string, string];
    expect(await machine.run(sizes)).toMatch(/ jobs +\|/);
    await machine.run(rebuild);
    const [tables] = commandsUnder(`${OPERATE}/postgresql.md`, 'What to look at');
    expect(await machine.run(tables!)).toMatch(/ job_common +\|[^]*\(0 rows\)/);
  });

  test('find out in five minutes what is wrong', async () => {
    const id = await service.submit({ payload: {}, schedule_in: 3_600 });
    const steps = commandsUnder(`${OPERATE}/first-five-minutes.md`, 'The first five minutes');
    const here = { ...environment, ROUNDHOUSE_URL: service.address, JOB: id };
    const said = [];
    for (const step of steps)
      said.push(await machine.operate(step.replace('http://127.0.0.1:8000', service.address), here));
    expect(said.join('\n')).toMatch(/0 errors[^]*"status":"ok"[^]*scheduled[^]*Everything holds/);
  });

  test('make roles where nobody is a superuser', async () => {
    await machine.run(
      `psql -d postgres -c 'CREATE ROLE administrator LOGIN CREATEROLE CREATEDB' -c 'SET ROLE administrator' -c 'CREATE DATABASE managed'`,
    );
    const as = (user: string) => machine.url.replace(/postgres@(.*)roundhouse$/, `${user}@$1managed`);
    const [commands] = commandsUnder(`${OPERATE}/managed-postgresql.md`, 'Roles without a superuser');
    // Nobody is there to type passwords, and this server asks for none.
    await machine.operate(
      commands!
        .replaceAll(/-c '\\password \w+'/g, `-c ''`)
        .replaceAll('roles.sql', '"$ROLES"')
        .replace('docker/postgres/"$ROLES"', 'docker/postgres/roles.sql'),
      {
        ADMIN_URL: as('administrator'),
        MIGRATOR_URL: as('roundhouse_migrator'),
        ROLES: join(home.folder, 'roles.sql'),
      },
    );
    const doctorAs = (user: string) =>
      machine.operate('roundhouse doctor', { ...environment, DATABASE_URL: as(user), ROLE: 'worker' });
    const says = 'The role roundhouse_worker has the rights that a worker process needs';
    expect(await doctorAs('roundhouse_worker')).toContain(says);
    expect(await doctorAs('roundhouse_readonly')).toMatch(/^✔ connections .* of 197 connections/m);
  });
});
