import type { QueuedMessage } from '../../../functions/ports/queue.ts';
import type { Chance } from '../chance.ts';
import type { WorldClock } from './world-clock.ts';

const MAX_RECEIVES = 5;
const RECEIVED_AT_ONCE = 10;

interface Kept {
  readonly id: string;
  readonly body: string;
  receives: number;
  /** On the clock of the queue, which no machine's jump moves. */
  visibleAt: number;
  receipt: string;
  isDeleted: boolean;
}

/**
 * Messages as SQS keeps them: at least once, in no order, hidden while somebody works on them, ten at most an answer. A receipt is
 * good for its own receive only. What was received five times goes to the dead letters at the next.
 */
export class WorldQueue {
  readonly #chance: Chance;
  readonly #clock: WorldClock;
  readonly #messages: Kept[] = [];
  readonly #dead: string[] = [];
  /** The body of every message that was ever sent. */
  readonly sent: string[] = [];
  #numbers = 0;

  constructor(clock: WorldClock, chance: Chance) {
    this.#clock = clock;
    this.#chance = chance;
  }

  async send(body: string): Promise<void> {
    this.#numbers += 1;
    this.sent.push(body);
    const id = `message-${this.#numbers}`;
    this.#messages.push({ id, body, receives: 0, visibleAt: 0, receipt: '', isDeleted: false });
  }

  async receive(max: number, visibleAfterSeconds: number): Promise<readonly QueuedMessage[]> {
    const free = this.#messages.filter(
      ({ isDeleted, visibleAt }) => !isDeleted && visibleAt <= this.#clock.elapsed,
    );
    const spent = free.filter(({ receives }) => receives >= MAX_RECEIVES);
    for (const message of spent) {
      message.isDeleted = true;
      this.#dead.push(message.body);
    }
    const given = this.#chance
      .shuffled(free.filter((message) => !spent.includes(message)))
      .slice(0, Math.min(max, RECEIVED_AT_ONCE));
    return given.map((message) => {
      message.receives += 1;
      message.visibleAt = this.#clock.elapsed + visibleAfterSeconds * 1000;
      message.receipt = `${message.id} ${message.receives}`;
      const { id, body, receipt, receives } = message;
      return { id, body, receipt, receiveCount: receives };
    });
  }

  async delete(receipts: readonly string[]): Promise<void> {
    for (const message of this.#messages) {
      message.isDeleted ||= message.receipt !== '' && receipts.includes(message.receipt);
    }
  }

  async redrive(): Promise<number> {
    const bodies = this.#dead.splice(0);
    for (const body of bodies) {
      await this.send(body);
    }
    return bodies.length;
  }

  /** Gives again what is being worked on and, as SQS may, some of what was deleted. */
  redeliver(): void {
    for (const message of this.#messages.filter(({ receives }) => receives > 0 && receives < MAX_RECEIVES)) {
      if (!message.isDeleted || this.#chance.happens(0.5)) {
        message.isDeleted = false;
        message.visibleAt = 0;
      }
    }
  }

  get waiting(): number {
    return this.#messages.filter(({ isDeleted }) => !isDeleted).length;
  }

  get deadLetters(): readonly string[] {
    return this.#dead;
  }
}
