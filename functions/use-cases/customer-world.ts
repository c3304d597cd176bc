import { calendarDays, localDayOf } from '../core/calendar.ts';
import { DAY_MILLISECONDS } from '../core/explain/evidence.ts';
import { lifecycleTables } from '../core/lifecycle-tables.ts';
import type { Lifecycle } from '../core/lifecycle-template.ts';
import type { ModelText } from '../core/model-definition.ts';
import { buildOrder, type GraphNode } from '../core/model-graph.ts';
import type { RunSettings } from '../core/run-settings.ts';
import type { Columns, Warehouse, WarehouseRow } from '../ports/warehouse.ts';

/** Long after every hold of anybody: what then still lasts has no end. */
const HORIZON = new Date('9999-12-31T00:00:00Z');

const wanted = ['stage_memberships', 'stage_transitions'] as const;
const SEEN = 'int_touchpoints_seen';

/** The lifecycle models over one customer, on a warehouse that has the published relations beside it. */
export class CustomerWorld {
  readonly #warehouse: Warehouse;
  readonly #models: ReadonlyMap<string, ModelText>;
  readonly #inputs: Readonly<Record<string, Columns>>;
  readonly #settings: RunSettings;
  readonly #nodes = new Map<string, GraphNode>();

  constructor(
    warehouse: Warehouse,
    texts: {
      readonly models: readonly ModelText[];
      /** Columns of what models read and no model makes, by name. */
      readonly inputs: Readonly<Record<string, Columns>>;
    },
    settings: RunSettings,
  ) {
    this.#warehouse = warehouse;
    this.#models = new Map(texts.models.map((model) => [model.name, model]));
    this.#inputs = texts.inputs;
    this.#settings = settings;
  }

  /** Builds them as the run did, from the customer's published rows and the run's own rules. */
  async build(customerId: string, lifecycles: readonly Lifecycle[]): Promise<void> {
    await this.#warehouse.createFromRows('explained_customer', { customer_id: 'varchar' }, [
      { customer_id: customerId },
    ]);
    for (const [name, select] of Object.entries(publishedSelects)) {
      await this.#warehouse.replaceTable(name, select, false);
    }
    const asOf = new Date(this.#settings.as_of);
    await this.#load('run_parameters', [this.#parameters(asOf)]);
    await this.#load('calendar_days', await this.#calendar(asOf));
    for (const [name, rows] of Object.entries(lifecycleTables(lifecycles))) {
      await this.#load(name, rows);
    }
    await this.#buildFrom(Object.keys(publishedSelects));
  }

  /** Takes away what came after an instant, and lets time pass: the rows then say what comes if nothing happens. */
  async letTimePass(after: Date): Promise<void> {
    await this.#load('run_parameters', [this.#parameters(HORIZON)]);
    await this.#warehouse.createFromRows('explained_instant', { at: 'timestamp' }, [{ at: after }]);
    await this.#warehouse.replaceTable(
      SEEN,
      `select seen.* from ${SEEN} as seen cross join explained_instant where seen.occurred_at <= explained_instant.at`,
      false,
    );
    // events and customers stay: a rule for every event needs no fewer of them, and nobody is added
    await this.#buildFrom([...Object.keys(publishedSelects), SEEN, 'int_events_received']);
  }

  async #load(name: string, rows: readonly object[]): Promise<void> {
    await this.#warehouse.createFromRows(name, this.#inputs[name] ?? {}, rows as readonly WarehouseRow[]);
  }

  /** Everything between the given relations and the marts, each as a table: one customer's rows are few. */
  async #buildFrom(published: readonly string[]): Promise<void> {
    const given = [...published, ...Object.keys(this.#inputs)];
    for (const model of await this.#modelsBetween(given)) {
      await this.#warehouse.replaceTable(model.name, model.sql, false);
    }
  }

  async #modelsBetween(given: readonly string[]): Promise<readonly ModelText[]> {
    const needed = new Map<string, GraphNode>();
    const queue: string[] = [...wanted];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      const model = given.includes(name) || needed.has(name) ? undefined : this.#models.get(name);
      if (model) {
        const node = await this.#nodeOf(model);
        needed.set(name, node);
        queue.push(...node.dependsOn);
      }
    }
    return buildOrder([...needed.values()], given).flatMap((name) => this.#models.get(name) ?? []);
  }

  async #nodeOf({ name, file, sql }: ModelText): Promise<GraphNode> {
    const known = this.#nodes.get(name);
    if (known) {
      return known;
    }
    const node = { name, file, dependsOn: await this.#warehouse.dependencies(sql) };
    this.#nodes.set(name, node);
    return node;
  }

  #parameters(asOf: Date): WarehouseRow {
    return {
      as_of_at: asOf,
      as_of_date: localDayOf(this.#settings.time_zone)(new Date(asOf.getTime() - 1)),
      reporting_time_zone: this.#settings.time_zone,
      reporting_currency: this.#settings.currency,
      activity_event: null,
    };
  }

  /** Only the days of the customer. */
  async #calendar(asOf: Date): Promise<readonly object[]> {
    const zone = this.#settings.time_zone;
    const [span] = await this.#warehouse.rows(
      'select min(occurred_at) as first_at, max(occurred_at) as last_at from touchpoints',
    );
    const dayNear = (at: unknown, days: number): string => {
      const instant = at === null || at === undefined ? asOf : readInstant(at);
      return localDayOf(zone)(new Date(instant.getTime() + days * DAY_MILLISECONDS));
    };
    return calendarDays(zone, dayNear(span?.first_at, -2), dayNear(span?.last_at, 2));
  }
}

/** A timestamp of the engine, which is UTC without saying so. */
export function readInstant(value: unknown): Date {
  return new Date(`${String(value).replace(' ', 'T')}Z`);
}

const publishedSelects = {
  touchpoints: `select touchpoints.*
    from published.touchpoints as touchpoints
    inner join explained_customer on touchpoints.customer_id = explained_customer.customer_id`,
  customers: `select customers.*
    from published.customers as customers
    inner join explained_customer on customers.customer_id = explained_customer.customer_id`,
  subscription_periods: `select periods.*
    from published.subscription_periods as periods
    inner join explained_customer on periods.customer_id = explained_customer.customer_id`,
  // an order is known by the id of its touchpoint where the source gave none
  orders: `select orders.*
    from published.orders as orders
    inner join (
      select distinct coalesce(order_id, touchpoint_id) as order_id from touchpoints where event = 'order_completed'
    ) as named on orders.order_id = named.order_id`,
} as const;
