import { Module } from '@nestjs/common';
import { EchoHandler } from './echo/echo.handler.js';
import { GenerateReportHandler } from './generate-report/generate-report.handler.js';

/** The built-in job types. To add one, add its handler to the list. */
@Module({ providers: [EchoHandler, GenerateReportHandler] })
export class TasksModule {}
