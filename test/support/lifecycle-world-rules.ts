import type {
  Condition,
  EnterRule,
  Lifecycle,
  Matcher,
  Policy,
  Scalar,
  Stage,
} from '../oracle/lifecycle/types.ts';
import type { Chance } from './chance.ts';

/** Few events, so that rules of the same world meet the same touchpoints. */
export const worldEvents = [
  'page_viewed',
  'page_viewed',
  'page_viewed',
  'order_completed',
  'order_completed',
  'order_completed',
  'payment_succeeded',
  'email_link_clicked',
  'order_refunded',
  'order_cancelled',
  'subscription_ended',
] as const;

export const worldChannels = ['web', 'mobile', 'store', null] as const;

/** Property names: three of properties, the columns, and two that touchpoints never have. */
const propertyNames = [
  'plan',
  'plan',
  'score',
  'score',
  'flag',
  'amount',
  'amount',
  'amount',
  'category',
  'product_id',
  'campaign_source',
  'campaign_medium',
  'campaign_name',
  'channel',
  'missing',
];

const ruleValues: readonly Scalar[] = [
  1,
  1,
  '1',
  true,
  'true',
  'True',
  false,
  0.1,
  '0.1',
  100,
  0,
  -5,
  '',
  'x',
  'ğ',
  10,
  20,
  20.5,
  9007199254740992,
];

const operators = ['eq', 'eq', 'ne', 'in', 'gte', 'lte', 'exists'] as const;
const stageNames = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

export function chooseLifecycle(id: string, policy: Policy, chance: Chance): Lifecycle {
  const count = chance.whole(1, 7);
  const names = chance.shuffled(stageNames).slice(0, count);
  return {
    lifecycle: id,
    // `furthest` need not be said
    ...(policy === 'furthest' && chance.happens(0.3) ? {} : { policy }),
    stages: names.map((name) => chooseStage(name, chance)),
  };
}

function chooseStage(id: string, chance: Chance): Stage {
  const leaves = chance.happens(0.35) ? chance.whole(1, 2) : 0;
  return {
    id,
    enter: Array.from({ length: chance.pick([1, 1, 1, 2, 2, 3, 4]) }, () => chooseRule(chance)),
    ...(leaves > 0 ? { leave: Array.from({ length: leaves }, () => chooseMatcher(chance)) } : {}),
    ...(chance.happens(0.75) ? { hold_days: chance.pick([1, 1, 2, 3, 5, 10, 40]) } : {}),
    ...chooseTarget(chance),
  };
}

function chooseTarget(chance: Chance): Pick<Stage, 'target' | 'benchmark'> {
  const benchmark = chance.happens(0.2)
    ? { benchmark: { advance_rate: 0.4 } }
    : { benchmark: 'none' as const };
  if (chance.happens(0.25)) return benchmark;
  if (chance.happens(0.2)) return { ...benchmark, target: null };
  return {
    ...benchmark,
    target: {
      ...(chance.happens(0.9) ? { advance_rate: chance.pick([0.03, 0.3, 0.5, 1]) } : {}),
      ...(chance.happens(0.9) ? { within_days: chance.pick([1, 1, 2, 3, 5, 20]) } : {}),
    },
  };
}

function chooseRule(chance: Chance): EnterRule {
  return {
    ...chooseMatcher(chance),
    ...(chance.happens(0.45) ? { at_least: chance.pick([1, 2, 2, 2, 3, 4]) } : {}),
    ...(chance.happens(0.4) ? { count: chance.pick(['days', 'days', 'touchpoints'] as const) } : {}),
    ...(chance.happens(0.5) ? { within_days: chance.pick([1, 1, 2, 3, 5]) } : {}),
    ...(chance.happens(0.25) ? { after: chooseMatcher(chance) } : {}),
  };
}

function chooseMatcher(chance: Chance): Matcher {
  const event = chance.happens(0.15)
    ? '*'
    : chance.happens(0.5)
      ? chance.pick(worldEvents)
      : [...new Set(Array.from({ length: chance.whole(1, 3) }, () => chance.pick(worldEvents)))];
  const channels = worldChannels.filter((channel) => channel !== null);
  return {
    event,
    ...(chance.happens(0.15)
      ? { channel: chance.happens(0.5) ? chance.pick(channels) : chance.shuffled(channels).slice(0, 2) }
      : {}),
    ...(chance.happens(0.3) ? { where: chooseWhere(chance) } : {}),
  };
}

function chooseWhere(chance: Chance): Condition | Condition[] {
  return chance.happens(0.7)
    ? chooseCondition(chance)
    : Array.from({ length: chance.whole(1, 2) }, () => chooseCondition(chance));
}

function chooseCondition(chance: Chance): Condition {
  const chosen = Array.from({ length: chance.pick([1, 1, 1, 2, 3]) }, () => chance.pick(operators));
  return Object.assign(
    { property: chance.pick(propertyNames) },
    ...chosen.map((operator) => ({ [operator]: chooseOperand(operator, chance) })),
  ) as Condition;
}

function chooseOperand(operator: (typeof operators)[number], chance: Chance): Scalar | Scalar[] {
  if (operator === 'exists') return chance.happens(0.6);
  if (operator === 'in') return Array.from({ length: chance.whole(1, 4) }, () => chance.pick(ruleValues));
  const isOrder = operator === 'gte' || operator === 'lte';
  const numbers = ruleValues.filter((value) => typeof value === 'number');
  return chance.pick(isOrder && chance.happens(0.9) ? numbers : ruleValues);
}
