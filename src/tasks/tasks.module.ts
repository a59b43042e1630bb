import { Module } from '@nestjs/common';
import { EchoHandler } from './echo/echo.handler.js';
import { Mailer } from './send-email/mailer.js';
import { SendEmailHandler } from './send-email/send-email.handler.js';

/** The built-in job types. To add one, add its handler to the list. */
@Module({ providers: [EchoHandler, SendEmailHandler, Mailer] })
export class TasksModule {}
