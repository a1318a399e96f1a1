import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    // Those of Trino need a server, see test/engines/trino/vitest.config.ts.
    exclude: ['node_modules/**', '.lake/**', 'dist/**', 'test/engines/trino-*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The CDK's own validation belongs to `cdk synth`, and takes seconds in each test file.
    env: { TZ: 'UTC', CDK_VALIDATION: 'false', JSII_DEPRECATED: 'quiet' },
  },
});
