import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the heap small. V8 lets its young part grow under load, and what has died there stays: landing took 150 MB more for
 * texts that nobody needed any longer. The old part may by default become several times as large as what lives in it before
 * anybody looks for the dead: 100 MB more of the same texts. Only growth can still be forbidden once a process runs.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=65');
}
