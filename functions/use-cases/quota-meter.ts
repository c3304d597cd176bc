const MINUTE = 60_000;

/**
 * Items by key in the running minute, in the memory of this container: approximate, and one request may go over.
 * Keys are those that exist, so the meter does not grow.
 */
export class QuotaMeter {
  readonly #counts = new Map<string, { minute: number; items: number }>();

  /** Undefined while the key may send. */
  secondsUntilFree(keyId: string, quotaPerMinute: number, now: Date): number | undefined {
    const minute = Math.floor(now.getTime() / MINUTE);
    const count = this.#counts.get(keyId);
    if (count?.minute !== minute || count.items < quotaPerMinute) {
      return undefined;
    }
    return Math.max(1, Math.ceil(((minute + 1) * MINUTE - now.getTime()) / 1000));
  }

  count(keyId: string, items: number, now: Date): void {
    const minute = Math.floor(now.getTime() / MINUTE);
    const count = this.#counts.get(keyId);
    this.#counts.set(keyId, {
      minute,
      items: items + (count?.minute === minute ? count.items : 0),
    });
  }
}
