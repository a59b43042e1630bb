import { Injectable } from '@nestjs/common';
import { JobTypes } from '../queue/index.js';

/** Types that were declared over HTTP may come and go without end, so only the first get a label of their own … */
const LABELLED_TYPES = 100;

/** … and the others share one that no type can have. */
const OTHER_TYPES = '_other';

/** Job types as labels: all of this build, and a bounded number of others. */
@Injectable()
export class JobTypeLabels {
  private readonly others = new Set<string>();

  constructor(private readonly types: JobTypes) {}

  of(type: string): string {
    if (this.others.has(type) || this.types.find(type)) return type;
    if (this.others.size >= LABELLED_TYPES) return OTHER_TYPES;
    this.others.add(type);
    return type;
  }
}
