import { BucketFault } from './world-bucket.ts';

/** The process is dead. Whatever it still does reaches nothing. */
export class Crash extends Error {}

export const faultKinds = [
  /** Dies before the call has its effect. */
  'crash-before',
  /** Dies after the effect, before it learns of it. */
  'crash-after',
  /** The call fails once, without effect. */
  'transient',
  /** The call has its effect, and its answer is lost. */
  'lost-answer',
  /** This call and all after it fail, until the process is started again. */
  'persistent',
  /** The queue gives everything again that it has given. */
  'redeliver',
  /** The process sleeps while another one does all its work, and then goes on. */
  'zombie',
  /** The clock jumps, 25 hours ahead or back in turn. */
  'clock',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** 1-based number of the call. */
  readonly call: number;
}

/** What faults do that are not of the process itself. */
export interface Surroundings {
  readonly redeliver: () => void;
  readonly jump: (call: number) => void;
  /** All that happens while the process sleeps. */
  readonly others: () => Promise<void>;
}

const unavailable = (): BucketFault => new BucketFault(503, 'ServiceUnavailable');

/** Every call of one process to the world, numbered in order, with the place in the program that makes it. */
export class FaultPoints {
  readonly #faults: ReadonlyMap<number, FaultKind>;
  readonly #surroundings: Surroundings;
  /** The place of each call, by its number less one. */
  readonly sites: string[] = [];
  /** Those at which a fault was. */
  readonly hit: string[] = [];
  #isDead = false;
  #isCutOff = false;

  constructor(faults: readonly Fault[], surroundings: Surroundings) {
    this.#faults = new Map(faults.map(({ call, kind }) => [call, kind]));
    this.#surroundings = surroundings;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  async call<T>(name: string, effect: () => Promise<T>): Promise<T> {
    if (this.#isDead) {
      throw new Crash('the process is dead');
    }
    const site = `${callingPlace()} ${name}`;
    this.sites.push(site);
    const kind = this.#isCutOff ? 'persistent' : this.#faults.get(this.sites.length);
    if (kind === undefined) {
      return effect();
    }
    this.hit.push(site);
    return this.#fail(kind, effect);
  }

  async #fail<T>(kind: FaultKind, effect: () => Promise<T>): Promise<T> {
    switch (kind) {
      case 'crash-before':
        this.#isDead = true;
        throw new Crash('before the effect');
      case 'crash-after':
        await effect();
        this.#isDead = true;
        throw new Crash('after the effect');
      case 'transient':
        throw unavailable();
      case 'lost-answer':
        await effect();
        throw unavailable();
      case 'persistent':
        this.#isCutOff = true;
        throw unavailable();
      case 'redeliver':
        this.#surroundings.redeliver();
        return effect();
      case 'zombie':
        await this.#surroundings.others();
        return effect();
      case 'clock':
        this.#surroundings.jump(this.sites.length);
        return effect();
    }
  }
}

const places = new Map<string, string>();

/** `FILE:LINE` of the program's own code that made this call, or `elsewhere`. */
function callingPlace(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 12;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  const known = places.get(stack);
  if (known !== undefined) {
    return known;
  }
  const found = /functions\/([a-z/-]+\.ts)[^\s:)]*:(\d+):\d+/.exec(stack);
  const place = found ? `${found[1]}:${found[2]}` : 'elsewhere';
  places.set(stack, place);
  return place;
}
