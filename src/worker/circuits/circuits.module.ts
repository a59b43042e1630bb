import { Module } from '@nestjs/common';
import { CircuitsQuery } from './circuits.query.js';

/** How the circuits of job types are: for every process, also one that runs no jobs. */
@Module({ providers: [CircuitsQuery], exports: [CircuitsQuery] })
export class CircuitsModule {}
