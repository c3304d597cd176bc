import { describe, expect, it } from 'vitest';
import { checkPartitions } from '../support/batch-partitions.ts';
import { describeCrashes } from '../support/crash-suite.ts';
import { describeLandAgainCrashes } from '../support/land-again-crashes.ts';
import { describeLandBatchCrashes } from '../support/land-batch-crashes.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const isFull = process.env.DONGU_WORLDS === 'full';

if (isFull) {
  it('lands the same in whatever batches the requests come', () => checkPartitions(24), 1_200_000);
  describe('crashes of import and run', () => describeCrashes({ moments: ['before', 'after'], step: 3 }));
  describe('crashes of replay and remap', () =>
    describeLandAgainCrashes({ moments: ['before', 'after'], step: 2 }));
  describe('crashes of landing batches and merging them', () =>
    describeLandBatchCrashes({ moments: ['before', 'after'], step: 2 }));
} else {
  it('tries crashes only when DONGU_WORLDS is full', () => expect(isFull).toBe(false));
}
