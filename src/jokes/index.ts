export { JokesModule } from './jokes.module.js';
