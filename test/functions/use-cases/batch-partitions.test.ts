import { it } from 'vitest';
import { checkPartitions } from '../../support/batch-partitions.ts';

// test/worlds tries many more
it(
  'lands the same in whatever batches, and however often, the requests come',
  () => checkPartitions(4),
  120_000,
);
