import { Injectable } from '@nestjs/common';
import { Postgres } from '../../database/index.js';
import type { Circuit } from './circuit.js';
import { SELECT_CIRCUITS } from './circuits.sql.js';

/** A circuit at the moment of a look. */
export interface SeenCircuit extends Circuit {
  /** It has cooled down, and nobody probes it. */
  readonly mayProbe: boolean;
}

/** Reads the circuits of job types. */
@Injectable()
export class CircuitsQuery {
  constructor(private readonly postgres: Postgres) {}

  /** Those of these types; one that is not among them has never failed. */
  async of(types: readonly string[]): Promise<ReadonlyMap<string, SeenCircuit>> {
    if (types.length === 0) return new Map();
    const { rows } = await this.postgres.query<SeenCircuit & { type: string }>(SELECT_CIRCUITS, [types]);
    return new Map(rows.map((row) => [row.type, row]));
  }
}
