import type { ClassConstructor } from 'class-transformer';
import { validate } from 'class-validator';
import fc from 'fast-check';
import { passesForSure } from '../../src/common/http/quick-check.js';
import { declaredFields } from '../../src/common/http/fields.js';
import { toInstance } from '../../src/common/http/index.js';
import { CreateJobRequest } from '../../src/jobs/create-job.dto.js';
import { EditJobRequest } from '../../src/jobs/edit-job.dto.js';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 500);

/** Values that some rule or other takes, and such as none does. */
const value = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    false,
    0,
    1,
    5,
    10,
    11,
    -1,
    0.5,
    NaN,
    Infinity,
    1e21,
    86_400,
  ),
  fc.constantFrom<unknown>(
    '',
    'echo',
    'default',
    'ä',
    '\0',
    '\ud800',
    'x'.repeat(64),
    '2030-01-31T15:00:00Z',
    '5 minutes',
  ),
  fc.constantFrom<unknown>(
    [],
    ['a'],
    ['a', ''],
    [1],
    [null],
    {},
    { key: 'x' },
    { while: 'waiting' },
    { base_delay: 1 },
  ),
  fc.constantFrom<unknown>(
    { by: ['type'], while: { seconds: 5 } },
    { max_delay: -1 },
    { seconds: 1 },
    { minutes: 'x' },
  ),
  fc.constantFrom<unknown>(['01939c5e-7a70-7f3e-8f0c-2b6f3c1d9a55'], 'unfinished', 'reject', [['a']], [{}]),
  fc.anything(),
);

/** Objects with some of the fields of a class. */
function objectsOf(type: ClassConstructor<object>): fc.Arbitrary<object> {
  const fields = [...declaredFields(type).keys()];
  const nearlyEmpty = fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 3 });
  return nearlyEmpty.map((members) => ({ payload: {}, ...members }));
}

/** The quick check lets most requests pass without class-validator: it must never say yes where that says no. */
describe.each([CreateJobRequest, EditJobRequest])('the quick check of %p', (type) => {
  test('says what class-validator says', async () => {
    let passed = 0;
    await fc.assert(
      fc.asyncProperty(objectsOf(type), async (object) => {
        const instance = toInstance(type, object, { onlyDeclared: true });
        const errors = await validate(instance, { forbidUnknownValues: false });
        expect(passesForSure(instance)).toBe(errors.length === 0);
        if (errors.length === 0) passed += 1;
      }),
      { numRuns: RUNS },
    );
    expect(passed).toBeGreaterThan(RUNS / 50);
  });
});
