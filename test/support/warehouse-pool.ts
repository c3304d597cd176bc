import type { CaseEngine, CaseWarehouse } from './case-engines.ts';

/** A few warehouses of one engine, each lent to one case at a time. */
export class WarehousePool {
  readonly #all: readonly CaseWarehouse[];
  readonly #free: CaseWarehouse[];
  readonly #waiting: ((warehouse: CaseWarehouse) => void)[] = [];

  private constructor(all: readonly CaseWarehouse[]) {
    this.#all = all;
    this.#free = [...all];
  }

  static async open(engine: CaseEngine): Promise<WarehousePool> {
    return new WarehousePool(
      await Promise.all(Array.from({ length: engine.sideBySide }, () => engine.open())),
    );
  }

  async with<T>(work: (lent: CaseWarehouse) => Promise<T>): Promise<T> {
    const lent =
      this.#free.pop() ?? (await new Promise<CaseWarehouse>((resolve) => this.#waiting.push(resolve)));
    try {
      return await work(lent);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(lent);
      else this.#free.push(lent);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((warehouse) => warehouse.close()));
  }
}
