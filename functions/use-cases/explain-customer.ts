import { localDayOf } from '../core/calendar.ts';
import { DonguError, LakeError } from '../core/errors.ts';
import { explainLifecycle } from '../core/explain/explain-lifecycle.ts';
import type { Explanation } from '../core/explain/explanation.ts';
import type { Lifecycle, LifecycleTemplate } from '../core/lifecycle-template.ts';
import type { InputDefinition, ModelText } from '../core/model-definition.ts';
import { unknownNameText } from '../core/nearest-name.ts';
import { RunSettings, runSettingsKey } from '../core/run-settings.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import { CustomerWorld } from './customer-world.ts';
import { inputColumns } from './prepare-inputs.ts';
import { membershipsFound, ruleFactsOf, sameAsPublished } from './read-customer-world.ts';

/** What was asked cannot be answered. The text never repeats an identifier. */
export class ExplainError extends DonguError {}

export type CustomerName =
  | { readonly customerId: string }
  /** The key that stands for the identifier in the warehouse, never its clear value. */
  | { readonly identifierType: 'email' | 'phone'; readonly identifierKey: string };

export interface ExplainRequest {
  readonly customer: CustomerName;
  /** Default: the run's as-of instant. */
  readonly at: Date | undefined;
  /** Default: all. */
  readonly lifecycle: string | undefined;
  readonly models: readonly ModelText[];
  readonly inputs: readonly InputDefinition[];
  /** The lifecycles as they are configured now. */
  readonly configured: readonly Lifecycle[];
}

export interface ExplainPorts {
  readonly store: ObjectStore;
  /** An engine in memory; the published tables are read as `published.NAME`. */
  readonly openPublished: () => Promise<Warehouse>;
}

/**
 * Why a customer is in a stage, as the last published run knows it. The models themselves decide: they are built over
 * this customer's published rows, and what they found on the way is the evidence.
 */
export async function explainCustomer(request: ExplainRequest, ports: ExplainPorts): Promise<Explanation> {
  const warehouse = await ports.openPublished();
  try {
    const settings = await settingsOfRun(warehouse, ports.store);
    const customerId = await customerOf(warehouse, request.customer);
    const at = instantOf(request.at, new Date(settings.as_of));
    const lifecycles = chosenLifecycles(settings, request.lifecycle);
    const inputs = inputColumns({ inputs: request.inputs, facts: {} });
    const world = new CustomerWorld(warehouse, { models: request.models, inputs }, settings);
    await world.build(customerId, lifecycles);
    const matching = await sameAsPublished(warehouse, lifecycles);
    await world.letTimePass(at);
    const rules = await ruleFactsOf(warehouse, lifecycles);
    const memberships = await membershipsFound(warehouse);
    const localDay = localDayOf(settings.time_zone);
    return {
      schema: 'dongu.explain/1',
      run_id: settings.run_id,
      as_of: settings.as_of,
      at: at.toISOString(),
      time_zone: settings.time_zone,
      currency: settings.currency,
      customer_id: customerId,
      is_configuration_current: isCurrent(settings, request.configured),
      lifecycles: lifecycles.map(({ template }) =>
        explainLifecycle({
          template,
          rules: rules.get(template.lifecycle) ?? [],
          memberships: memberships.get(template.lifecycle) ?? [],
          at,
          localDay,
          matchesPublished: matching.has(template.lifecycle),
        }),
      ),
    };
  } finally {
    warehouse.close();
  }
}

async function settingsOfRun(warehouse: Warehouse, store: ObjectStore): Promise<RunSettings> {
  const [row] = await warehouse.rows('select min(run_id) as run_id from published.customers');
  const text = row?.run_id ? await store.getText(runSettingsKey(String(row.run_id))) : undefined;
  const settings = RunSettings.safeParse(text === undefined ? undefined : JSON.parse(text));
  if (!settings.success) {
    throw new LakeError(
      'the published run does not say by which rules it was made',
      'Run once more with this version: dongu run.',
    );
  }
  return settings.data;
}

async function customerOf(warehouse: Warehouse, name: CustomerName): Promise<string> {
  const asked = 'customerId' in name ? name.customerId : name.identifierKey;
  await warehouse.createFromRows('asked_customer', { value: 'varchar' }, [{ value: asked }]);
  const found = await warehouse.rows(
    'customerId' in name
      ? `select customers.customer_id from published.customers as customers
        inner join asked_customer on customers.customer_id = asked_customer.value`
      : `select identifiers.customer_id from published.customer_identifiers as identifiers
        inner join asked_customer on identifiers.identifier_key = asked_customer.value
        inner join published.customers as customers on identifiers.customer_id = customers.customer_id
        where identifiers.identifier_type = '${name.identifierType}'`,
  );
  const [row] = found;
  if (row) {
    return String(row.customer_id);
  }
  if ('customerId' in name) {
    throw new ExplainError(
      'no customer of the last run has this id',
      name.customerId.includes('@')
        ? 'Ids hold no e-mail addresses; look the customer up by it: dongu explain --email ADDRESS.'
        : 'See which there are: dongu query "select customer_id from customers limit 20"; or look the customer up with --email or --phone.',
    );
  }
  throw new ExplainError(
    `no customer of the last run has this ${name.identifierType === 'email' ? 'e-mail address' : 'phone number'}`,
    'Check its spelling, whether what came with it was imported before the last run, and that this home has its own key.',
  );
}

/** The last instant that is looked at: the run knows nothing at or after its cut. */
function instantOf(wanted: Date | undefined, asOf: Date): Date {
  if (wanted && wanted.getTime() > asOf.getTime()) {
    throw new ExplainError(
      `the last run knows nothing after ${asOf.toISOString()}`,
      'Give an earlier --at, or run with a later --as-of.',
    );
  }
  return new Date(Math.min(wanted?.getTime() ?? Number.POSITIVE_INFINITY, asOf.getTime() - 1));
}

function chosenLifecycles({ lifecycles }: RunSettings, wanted: string | undefined): readonly Lifecycle[] {
  const chosen = lifecycles.filter(({ lifecycle }) => wanted === undefined || lifecycle === wanted);
  if (chosen.length === 0) {
    const known = lifecycles.map(({ lifecycle }) => lifecycle);
    throw new ExplainError(
      `the lifecycle ${unknownNameText(wanted ?? '', known)}`,
      'Name a lifecycle of the last run; `lifecycles` in dongu.yaml says which are run.',
    );
  }
  // what only the page shows of a lifecycle is left out
  return chosen.map((template) => ({
    template,
    file: `lifecycles/${template.lifecycle}.yml`,
    origin: 'project',
    parentLabels: {},
    ownTargets: [],
  }));
}

function isCurrent({ lifecycles }: RunSettings, configured: readonly Lifecycle[]): boolean {
  return deciding(lifecycles) === deciding(configured.map(({ template }) => template));
}

/** What decides who is in which stage: labels, targets and the like may have changed. */
function deciding(templates: readonly LifecycleTemplate[]): string {
  return JSON.stringify(
    templates.map(({ lifecycle, policy, stages }) => ({
      lifecycle,
      policy,
      stages: stages.map(({ id, enter, leave, hold_days }) => ({ id, enter, leave, hold_days })),
    })),
  );
}
