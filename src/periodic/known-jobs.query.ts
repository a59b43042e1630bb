import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Job } from '../queue/index.js';

/** Tells which jobs there are. */
@Injectable()
export class KnownJobsQuery {
  constructor(@InjectRepository(Job) private readonly jobs: Repository<Job>) {}

  has(id: string): Promise<boolean> {
    return this.jobs.existsBy({ id });
  }
}
