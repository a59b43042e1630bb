import type { DomainError } from '../../src/common/index.js';
import { WorkflowGraph } from '../../src/workflows/graph.js';

const job = (ref: string, ...depends_on: string[]) => ({ ref, depends_on });

function faultsOf(jobs: readonly { ref: string; depends_on: string[] }[]) {
  try {
    return new WorkflowGraph(jobs) && [];
  } catch (error) {
    return (error as DomainError).options.faults!.map(({ pointer, code }) => `${pointer} ${code}`);
  }
}

describe('the graph of a workflow', () => {
  test('is sorted so that each job stands after those that it waits for', () => {
    const graph = new WorkflowGraph([job('d', 'b', 'c'), job('c', 'a'), job('b', 'a'), job('a'), job('e')]);
    expect(graph.order.map((place) => graph.refs[place])).toEqual(['a', 'e', 'c', 'b', 'd']);
  });

  test('knows who waits for whom, be it through others', () => {
    const names = Array.from({ length: 70 }, (_, index) => `j${index}`);
    const graph = new WorkflowGraph(names.map((name, index) => job(name, ...names.slice(index - 1, index))));
    const isAncestor = (one: number, of: number) => graph.isAncestor(one, of);
    expect([isAncestor(0, 69), isAncestor(68, 69), isAncestor(31, 32), isAncestor(0, 32)]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([isAncestor(69, 0), isAncestor(5, 5), isAncestor(33, 32)]).toEqual([false, false, false]);
  });

  test('has no circle, no stranger, no name twice, and not more edges than can be told in time', () => {
    expect(faultsOf([job('a', 'c'), job('b', 'a'), job('c', 'b'), job('d', 'a')])).toEqual([
      '/jobs/0/depends_on circle',
    ]);
    expect(faultsOf([job('a', 'x'), job('b', 'y')])).toEqual([
      '/jobs/0/depends_on/0 unknown_ref',
      '/jobs/1/depends_on/0 unknown_ref',
    ]);
    expect(faultsOf([job('a'), job('b'), job('a')])).toEqual(['/jobs/2/ref duplicate_ref']);
    expect(faultsOf([job('a', 'b'), job('b', 'a'), job('b', 'x')])).toEqual([
      '/jobs/2/ref duplicate_ref',
      '/jobs/2/depends_on/0 unknown_ref',
      '/jobs/0/depends_on circle',
    ]);
    const names = Array.from({ length: 500 }, (_, index) => `j${index}`);
    expect(faultsOf(names.map((name, index) => job(name, ...names.slice(0, index))))).toEqual([
      '/jobs too_many_dependencies',
    ]);
  });
});
