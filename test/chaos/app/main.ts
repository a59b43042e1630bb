import 'reflect-metadata';
import { TasksModule } from '../../../src/tasks/index.js';
import { TransactionHandler, WorkHandler } from './handlers.js';

// The whole product, with job types that tell a recorder outside of it what they do.
const builtIn = Reflect.getMetadata('providers', TasksModule) as unknown[];
Reflect.defineMetadata('providers', [...builtIn, WorkHandler, TransactionHandler], TasksModule);
await import('../../../src/main.js');
