import { describe } from 'vitest';
import { describeObjectStore } from '../contracts/object-store-contract.ts';
import { describeQueue } from '../contracts/queue-contract.ts';
import { withFolder } from '../engine.ts';
import { World } from './world.ts';

describe('the world double', () => {
  describeObjectStore((work) =>
    withFolder((folder) => {
      const world = World.empty(`${folder}/bucket`);
      return work({ store: world.start().store, again: world.start().store, folder });
    }),
  );

  describeQueue((work) =>
    withFolder((folder) => {
      const world = World.empty(folder);
      return work({
        queue: world.start().queue,
        pass: async (milliseconds) => world.clock.pass(milliseconds),
        deadLetters: async () => world.queue.deadLetters.length,
        redrive: () => world.queue.redrive(),
      });
    }),
  );
});
