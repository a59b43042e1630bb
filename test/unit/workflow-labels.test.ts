import { describe, expect, test } from '@jest/globals';
import { labelled } from '../../src/workflows/labelled.js';

const job = (ref: string, more: object = {}) => ({ ref, type: 'echo', payload: {}, ...more });

describe('the label of a workflow', () => {
  test('is on it, on each job and on what follows, once', () => {
    const workflow = {
      tags: ['night'],
      createdBy: 'anonymous',
      jobs: [job('a'), job('b', { tags: ['x', 'schedule:s'] })],
      onFinished: { type: 'echo', payload: {} },
    };
    expect(labelled(workflow, { tag: 'schedule:s', createdBy: 'schedule:s' })).toEqual({
      tags: ['night', 'schedule:s'],
      createdBy: 'schedule:s',
      jobs: [
        job('a', { tags: ['schedule:s'], createdBy: 'schedule:s' }),
        job('b', { tags: ['x', 'schedule:s'], createdBy: 'schedule:s' }),
      ],
      onFinished: { type: 'echo', payload: {}, tags: ['schedule:s'], createdBy: 'schedule:s' },
    });
  });

  test('changes nothing where there is none', () => {
    const workflow = { createdBy: 'anonymous', jobs: [job('a', { tags: ['x'] })] };
    expect(labelled(workflow, {})).toEqual(workflow);
  });
});
