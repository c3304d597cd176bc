import { type Chance, chanceOf } from '../chance.ts';
import { type Fault, FaultPoints } from './fault-points.ts';
import { WorldBucket } from './world-bucket.ts';
import { WorldClock } from './world-clock.ts';
import { type WorldProcess, WorldQueuePort, WorldStore } from './world-process.ts';
import { WorldQueue } from './world-queue.ts';

const JUMP = 25 * 3_600_000;

export interface WorldStart {
  /** Seeds every choice: order, duplicates, ids. */
  readonly seed: number;
  readonly bucket: WorldBucket;
  readonly now: Date;
}

/** Everything that outlives a process: objects, messages and time. One seed and the same faults give the same run again. */
export class World {
  readonly bucket: WorldBucket;
  readonly queue: WorldQueue;
  readonly clock: WorldClock;
  readonly chance: Chance;

  constructor({ seed, bucket, now }: WorldStart) {
    this.bucket = bucket;
    this.chance = chanceOf(seed);
    this.clock = new WorldClock(now);
    this.queue = new WorldQueue(this.clock, this.chance);
  }

  static empty(folder: string, { seed = 1, now = new Date('2026-03-10T12:00:00.000Z') } = {}): World {
    return new World({ seed, bucket: new WorldBucket(folder), now });
  }

  /** A process that starts now. `others` is what happens while a fault lets it sleep. */
  start(faults: readonly Fault[] = [], others: () => Promise<void> = async () => {}): WorldProcess {
    const points = new FaultPoints(faults, {
      redeliver: () => this.queue.redeliver(),
      jump: (call) => this.clock.jump(call % 2 === 0 ? JUMP : -JUMP),
      others,
    });
    return {
      points,
      store: new WorldStore(this.bucket, points),
      queue: new WorldQueuePort(this.queue, points),
      clock: this.clock,
      random: () => this.chance.whole(0, 31),
    };
  }
}
