import { Logger, type ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { CONFIG, ConfigModule, resolveConfig } from '../../src/config/index.js';
import { DatabaseModule } from '../../src/database/index.js';

interface Parts extends Pick<ModuleMetadata, 'imports' | 'providers'> {
  readonly environment?: Readonly<Record<string, string>>;
}

/** Some modules of the product on a database, without log; to be initialised, and closed, by the test. */
export async function compile(
  url: string,
  { imports = [], providers = [], environment = {} }: Parts,
): Promise<TestingModule> {
  const compiled = await Test.createTestingModule({
    imports: [ConfigModule, DatabaseModule, ...imports],
    providers,
  })
    .overrideProvider(CONFIG)
    .useValue(resolveConfig({ DATABASE_URL: url, DB_POOL_MAX: '12', ...environment }))
    .compile();
  Logger.overrideLogger(false);
  return compiled;
}
