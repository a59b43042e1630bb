import { Module } from '@nestjs/common';
import { EchoHandler } from './echo/echo.handler.js';

/** The built-in job types. To add one, add its handler to the list. */
@Module({ providers: [EchoHandler] })
export class TasksModule {}
