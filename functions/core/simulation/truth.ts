import { channelTruths } from './marketing.ts';
import {
  buyerShare,
  discountDependence,
  purchaseModel,
  rates,
  shopperWeights,
  spendModel,
} from './parameters.ts';
import { factSources, type SourceName, sourceFiles, sourceNames } from './source-files.ts';
import type { World } from './world.ts';

/** What an import of one file must print: accepted = loaded + duplicates + the sum of quarantined. */
export interface SourceTruth {
  readonly file: string;
  readonly accepted: number;
  readonly loaded: number;
  readonly duplicates: number;
  readonly quarantined: Readonly<Record<string, number>>;
  readonly labelled: Readonly<Record<string, number>>;
}

export function truthOfSource(world: World, source: SourceName): SourceTruth {
  const counts = world.out.counts(source);
  const quarantined = Object.values(counts.quarantined).reduce((sum, count) => sum + count, 0);
  return {
    file: sourceFiles[source].file,
    accepted: counts.accepted,
    loaded: counts.accepted - counts.duplicates - quarantined,
    duplicates: counts.duplicates,
    quarantined: counts.quarantined,
    labelled: counts.labelled,
  };
}

export interface TruthRequest {
  readonly from: string;
  readonly months: number;
  readonly customers: number;
}

export function createTruth(world: World, request: TruthRequest) {
  const { calendar, seed } = world;
  const dirt = Object.fromEntries(sourceNames.map((source) => [source, truthOfSource(world, source)]));
  const touchpoints = sourceNames.filter((source) => !factSources.includes(source));
  const sum = (sources: readonly SourceName[], count: (truth: SourceTruth) => number): number =>
    sources.reduce((total, source) => total + count(truthOfSource(world, source)), 0);
  return {
    schema: 'dongu.truth/1',
    note: 'A simulated store: every person, price, rate and index is invented.',
    seed,
    pure: calendar.isPure,
    from: request.from,
    months: request.months,
    starts_at: calendar.isoAt(calendar.startAt),
    ends_at: new Date(calendar.endAt).toISOString(),
    time_zone: 'Europe/Istanbul',
    customers: request.customers,
    model: {
      time_unit: 'day',
      purchases: { name: 'BG/NBD', ...purchaseModel },
      spend: { name: 'Gamma-Gamma', ...spendModel, currency_code: 'TRY' },
      buyer_share_before_channel_influence: buyerShare,
    },
    shopper_types: shopperWeights.map(([type, weight]) => ({
      type,
      weight,
      discount_dependence: discountDependence[type],
    })),
    marketing_channels: channelTruths,
    rates,
    price_index: {
      synthetic: true,
      months: calendar.months.map(({ month, index }) => ({ month, index: Math.round(index * 1e6) / 1e6 })),
    },
    season: {
      synthetic: true,
      days: calendar.days.map(({ date, kind, specials, multiplier }) => ({
        date,
        kind,
        specials,
        multiplier: Math.round(multiplier * 10_000) / 10_000,
      })),
    },
    dirt,
    totals: {
      accepted: sum(sourceNames, (truth) => truth.accepted),
      touchpoints_accepted: sum(touchpoints, (truth) => truth.accepted),
      touchpoints_loaded: sum(touchpoints, (truth) => truth.loaded),
      identity_calls: sum(['segment'], (truth) => truth.labelled.identity_calls ?? 0),
      duplicates: sum(sourceNames, (truth) => truth.duplicates),
      quarantined: sum(sourceNames, (truth) => truth.accepted - truth.loaded - truth.duplicates),
    },
  };
}

export type Truth = ReturnType<typeof createTruth>;
