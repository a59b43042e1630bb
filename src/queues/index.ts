export { WINDOWS, type WindowName, budgetLeft } from './objectives/burn-rate.js';
export { type ObjectiveStatus, ObjectivesQuery } from './objectives/objectives.query.js';
export { QueuesModule } from './queues.module.js';
