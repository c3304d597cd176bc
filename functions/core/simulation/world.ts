import type { Calendar } from './calendar.ts';
import type { Catalogue } from './catalogue.ts';
import { origins } from './marketing.ts';
import type { StoreWriter } from './store-writer.ts';

/** Referral codes that may still be used: a bounded memory of persons, whatever their number. */
export interface Referral {
  readonly code: string;
  readonly personId: string;
  readonly sentAt: number;
}

export interface World {
  readonly seed: number;
  readonly calendar: Calendar;
  readonly catalogue: Catalogue;
  readonly out: StoreWriter;
  readonly referrals: Referral[];
  /** Clicks of each origin on each day: origin × days + day. */
  readonly clicks: Uint32Array;
}

const referralMemory = 400;

export function rememberReferral(world: World, referral: Referral): void {
  const { referrals } = world;
  if (referrals.length >= referralMemory) referrals.shift();
  referrals.push(referral);
}

/** The newest code in memory that was sent before an instant. */
export function findReferral(world: World, at: number): Referral | undefined {
  return world.referrals.findLast(
    (referral) => referral.sentAt < at && referral.sentAt > at - 60 * 86_400_000,
  );
}

export function countClick(world: World, origin: number, at: number): void {
  const { calendar, clicks } = world;
  const cell = origin * calendar.countDays + calendar.dayOf(at);
  clicks[cell] = (clicks[cell] ?? 0) + 1;
}

export function createClicks(countDays: number): Uint32Array {
  return new Uint32Array(origins.length * countDays);
}

/** Whether an instant lies within the simulation: nothing outside is written. */
export function isInside(world: World, at: number): boolean {
  return at >= world.calendar.startAt && at < world.calendar.endAt;
}
