import 'reflect-metadata';
import { TasksModule } from '../../../src/tasks/index.js';
import { FilesAloneHandler, FilesHandler } from './artifacts.js';
import { AroundMiddleware } from './around.middleware.js';
import { CallHandler } from './call.handler.js';
import { ContendHandler } from './contend.js';
import { SpawnHandler, SpeakHandler, ParentsHandler, WaitHandler, WriteOnceHandler } from './contexts.js';
import { DeadLetterHandler, FailAsHandler } from './dead-letter.handler.js';
import { FailHandler, ReturnHandler, SleepHandler, StrayErrorHandler } from './handlers.js';
import { HostileHandler } from './hostile.js';
import { BlockHandler, IsolatedHandler, PoisonHandler } from './isolated.js';
import { KeepBackHandler } from './keep-back.handler.js';
import { DecideHandler, ForEverHandler, PickyHandler, SquaresBackoff, SquaresHandler } from './policies.js';

// The whole product, with job types that fail, dawdle and misbehave as a test asks them to.
const builtIn = Reflect.getMetadata('providers', TasksModule) as unknown[];
const forTests = [
  FailHandler,
  ReturnHandler,
  SleepHandler,
  StrayErrorHandler,
  DecideHandler,
  PickyHandler,
  SquaresBackoff,
  SquaresHandler,
  ForEverHandler,
  WriteOnceHandler,
  SpeakHandler,
  SpawnHandler,
  WaitHandler,
  ParentsHandler,
  DeadLetterHandler,
  FailAsHandler,
  ContendHandler,
  PoisonHandler,
  BlockHandler,
  IsolatedHandler,
  HostileHandler,
  FilesHandler,
  FilesAloneHandler,
  AroundMiddleware,
  CallHandler,
  KeepBackHandler,
];
Reflect.defineMetadata('providers', [...builtIn, ...forTests], TasksModule);
await import('../../../src/main.js');
