import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', '.lake/**', 'dist/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The CDK's own validation belongs to `cdk synth`, and takes seconds in each test file.
    env: { TZ: 'UTC', CDK_VALIDATION: 'false', JSII_DEPRECATED: 'quiet' },
  },
});
