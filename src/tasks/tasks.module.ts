import { Module } from '@nestjs/common';
import { EgressModule } from '../egress/index.js';
import { EchoHandler } from './echo/echo.handler.js';
import { GenerateReportHandler } from './generate-report/generate-report.handler.js';
import { HttpRequestHandler } from './http-request/http-request.handler.js';
import { ProcessDataHandler } from './process-data/process-data.handler.js';
import { Mailer } from './send-email/mailer.js';
import { SendEmailHandler } from './send-email/send-email.handler.js';

/** The built-in job types. To add one, add its handler to the list. */
@Module({
  imports: [EgressModule],
  providers: [
    EchoHandler,
    GenerateReportHandler,
    HttpRequestHandler,
    ProcessDataHandler,
    SendEmailHandler,
    Mailer,
  ],
})
export class TasksModule {}
