import type { Clock } from '../../../functions/ports/clock.ts';

/** Time that passes only when it is told to. A jump moves what the clock shows, not how much time has passed. */
export class WorldClock implements Clock {
  #elapsed = 0;
  #shown: number;

  constructor(start: Date) {
    this.#shown = start.getTime();
  }

  /** Each reading takes a millisecond. */
  now(): Date {
    this.pass(1);
    return new Date(this.#shown);
  }

  get elapsed(): number {
    return this.#elapsed;
  }

  pass(milliseconds: number): void {
    this.#elapsed += milliseconds;
    this.#shown += milliseconds;
  }

  jump(milliseconds: number): void {
    this.#shown += milliseconds;
  }
}
