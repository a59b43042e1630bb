import { Module } from '@nestjs/common';
import { WorkersController } from './workers.controller.js';
import { WorkersQuery } from './workers.query.js';
import { WorkersService } from './workers.service.js';

/** The workers over HTTP: who runs, on what, and who is to end. */
@Module({ controllers: [WorkersController], providers: [WorkersQuery, WorkersService] })
export class WorkersModule {}
