import { readFileSync } from 'node:fs';
import { LINE_RIGHTS, TABLE_RIGHTS } from '../../src/doctor/rights.js';

const FILE = readFileSync('docker/postgres/roles.sql', 'utf8');

describe('the rights that the doctor looks for', () => {
  test.each([
    ['tables', TABLE_RIGHTS],
    ['lines', LINE_RIGHTS],
  ])('are those that docker/postgres/roles.sql gives: %s', (name, rights) => {
    const [, text] = new RegExp(`${name} jsonb := '([^']+)'`).exec(FILE)!;
    expect(rights).toEqual(JSON.parse(text!));
  });
});
