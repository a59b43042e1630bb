import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { loadConfig } from './src/config/config.ts';
import { ormOptions } from './src/database/orm-options.ts';

/** For TypeORM's own command line, as in `npx typeorm migration:show -d ormconfig.ts`. */
export default new DataSource({
  ...ormOptions(loadConfig().database.directUrl, 2),
  entities: ['dist/src/**/*.entity.js'],
});
