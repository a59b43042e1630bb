export { EchoHandler } from './echo/echo.handler.js';
export { TasksModule } from './tasks.module.js';
