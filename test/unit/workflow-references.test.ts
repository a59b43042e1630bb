import type { DomainError } from '../../src/common/index.js';
import { unknownJob, withoutReferences } from '../../src/workflows/references.js';

const REFS = Array.from({ length: 1_000 }, (_, index) => `${index}`.padStart(100, 'x'));

const names = { workflowId: 'w', jobIdOf: (ref: string) => unknownJob(ref, REFS) };

function faultsOf(payload: Record<string, unknown>) {
  try {
    withoutReferences(payload, names);
    return [];
  } catch (error) {
    return (error as DomainError).options.faults!;
  }
}

describe('a payload that speaks of jobs which are not there', () => {
  test('is told of the first hundred, however many there are', () => {
    const wrong = Array.from({ length: 60_000 }, () => ({ $job: 'x'.repeat(99) }));
    const startedAt = performance.now();
    const faults = faultsOf({ wrong });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(faults).toHaveLength(100);
    expect(faults[99]).toMatchObject({ pointer: '/payload/wrong/99', code: 'unknown_reference' });
  });

  test('is not told its own words again when they are endless', () => {
    const [fault] = faultsOf({ wrong: { $job: 'y'.repeat(1_000_000) } });
    expect(fault!.detail.length).toBeLessThan(2_000);
  });
});
