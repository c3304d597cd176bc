import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

const env = { TZ: 'UTC' };

// biome-ignore lint/style/noProcessEnv: CI asks for a report that it can count
const report = process.env.VITEST_REPORT;

/** Tests of code that knows neither files nor processes. */
const pure = ['test/functions/core/**/*.test.ts', 'test/oracle/**/*.test.ts', 'test/dashboards/**/*.test.ts'];

export default defineConfig({
  test: {
    // one a core on the smallest machine that this is meant for: DuckDB leaves a core idle while a test reads and compares
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      {
        test: {
          name: 'pure',
          include: pure,
          // they hold on to nothing: a process for each would take longer to start and to load modules than its tests
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          env,
        },
      },
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [
            ...pure,
            'test/worlds/**',
            'test/athena/**',
            'test/collect/**',
            'test/faults/**',
            '**/node_modules/**',
          ],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          env,
        },
      },
      {
        test: {
          name: 'worlds',
          include: ['test/worlds/**/*.test.ts'],
          testTimeout: 20 * 60_000,
          hookTimeout: 20 * 60_000,
          env,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          testTimeout: 20 * 60_000,
          hookTimeout: 20 * 60_000,
          env,
        },
      },
      {
        test: {
          name: 'collect',
          include: ['test/collect/*.test.ts'],
          testTimeout: 2 * 60_000,
          hookTimeout: 2 * 60_000,
          env,
        },
      },
      {
        test: {
          name: 'infra',
          include: ['infra/test/*.test.ts'],
          testTimeout: 2 * 60_000,
          hookTimeout: 2 * 60_000,
          env,
        },
      },
      {
        test: {
          name: 'aws',
          include: ['infra/test/aws/*.aws.test.ts'],
          testTimeout: 5 * 60_000,
          hookTimeout: 5 * 60_000,
          env,
        },
      },
      {
        test: {
          name: 'athena',
          include: ['test/athena/**/*.athena.test.ts'],
          globalSetup: ['test/support/bed/vitest-setup.ts'],
          testTimeout: 2 * 60_000,
          hookTimeout: 2 * 60_000,
          env,
        },
      },
    ],
  },
});
