import 'reflect-metadata';
import { TasksModule } from '../../../src/tasks/index.js';
import { addedHandlers } from './newer.js';

// The fixture app as the next version has it: with one migration and one job type more.
const present = Reflect.getMetadata('providers', TasksModule) as unknown[];
Reflect.defineMetadata('providers', [...present, ...addedHandlers], TasksModule);
await import('./main.js');
