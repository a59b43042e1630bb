import jestConfig from './jest.config.mjs';

const { globalSetup: _setup, globalTeardown: _teardown, ...config } = jestConfig;

/** The tests that need no database, without starting one. */
export default {
  ...config,
  testMatch: ['unit', 'examples', 'conformance/in-memory', 'property/memory'].map(
    (path) => `<rootDir>/test/${path}{/**/*,}.test.ts`,
  ),
};
