export { ScheduleTickerModule } from './schedule-ticker.module.js';
export { SchedulesModule } from './schedules.module.js';
