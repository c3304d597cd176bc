import { describe, expect, it } from 'vitest';
import { describeRealCrashes } from '../support/real-crashes.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const isFull = process.env.DONGU_WORLDS === 'full';

if (isFull) {
  describe('a crash at every call of', describeRealCrashes);
} else {
  it('crashes for real only when DONGU_WORLDS is full', () => expect(isFull).toBe(false));
}
