import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import all from '../../../vitest.config.ts';

/** The tests that need a Trino server, which takes half a minute to start: `npm run test:engines`. */
export default defineConfig({
  ...all,
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  test: {
    ...all.test,
    include: ['test/engines/trino-*.test.ts'],
    exclude: [],
    globalSetup: [fileURLToPath(new URL('global-setup.ts', import.meta.url))],
    hookTimeout: 300_000,
  },
});
