import { Injectable } from '@nestjs/common';
import { JobTypes } from '../queue/index.js';
import { CircuitsQuery } from '../worker/index.js';
import { askedGauge } from './gauge.js';
import { SAME_EVERYWHERE } from './same-everywhere.js';

/** The circuits of all types that have one. */
@Injectable()
export class OpenCircuitsQuery {
  constructor(
    private readonly types: JobTypes,
    private readonly circuits: CircuitsQuery,
  ) {}

  /** Whether jobs of a type are held back, by type. */
  async read(): Promise<{ type: string; isOpen: boolean }[]> {
    const guarded = this.types.guarded();
    const circuits = await this.circuits.of(guarded);
    return guarded.map((type) => ({ type, isOpen: (circuits.get(type)?.state ?? 'closed') !== 'closed' }));
  }
}

/** Whether the circuits of job types hold jobs back. */
export const circuitGauge = askedGauge({
  name: 'circuit_open',
  help: `1 while the jobs of a type are held back because they kept failing, also while one is tried; 0 otherwise. ${SAME_EVERYWHERE}`,
  labelNames: ['job_type'],
  from: OpenCircuitsQuery,
  look: (query) => query.read(),
  samples: (circuits) =>
    circuits.map(({ type, isOpen }) => ({ labels: { job_type: type }, value: isOpen ? 1 : 0 })),
});
