import { origins, type VisitOrigin } from './marketing.ts';
import { createRandom, normal, type Random } from './random.ts';
import { money } from './text.ts';
import type { World } from './world.ts';

// Networks count and bill clicks of people who leave before the tracker runs or who refuse it.
const clicksPerVisit = 6;
/** The agency's monthly fee in the first month. */
const agencyKurus = 400_000;

function writeSpend(
  world: World,
  row: {
    day: string;
    origin: VisitOrigin;
    costType: string;
    kurus: number;
    clicks: number;
    impressions: number;
    plannedKurus: number;
  },
): void {
  const { origin } = row;
  const names = `${origin.channel},${origin.source},${origin.medium},${origin.name},genel`;
  const media =
    row.clicks === 0 ? ',,' : `${row.impressions},${row.clicks},${Math.round(row.impressions * 0.7)}`;
  world.out.add(
    'ad-spend',
    `${row.day},${names},${origin.objectiveStage},${row.costType},${money(row.kurus)},TRY,${media},${money(row.plannedKurus)}`,
  );
}

function spendOfClicks(world: World, random: Random, place: { origin: number; day: number }): void {
  const { calendar, clicks } = world;
  const origin = origins[place.origin];
  const day = calendar.days[place.day];
  const visits = clicks[place.origin * calendar.countDays + place.day] ?? 0;
  const count = visits * clicksPerVisit;
  if (origin === undefined || day === undefined || origin.clickKurus === 0 || count === 0) return;
  const index = calendar.months[day.month]?.index ?? 1;
  const planned = count * origin.clickKurus * index;
  const noise = calendar.isPure ? 1 : Math.exp(0.15 * normal(random));
  const impressions = Math.round((count / origin.clickRate) * Math.exp(0.1 * normal(random)));
  const kurus = Math.max(Math.round(planned * noise), 1);
  writeSpend(world, {
    day: day.date,
    origin,
    costType: origin.costType,
    kurus,
    clicks: count,
    impressions,
    plannedKurus: Math.round(planned),
  });
}

/** One row a day and campaign with visits, and a monthly agency fee. Follows all persons. */
export function writeSpendOfDay(world: World, day: number): void {
  const random = createRandom(world.seed, -2_000_000_000 - day);
  origins.forEach((_, origin) => {
    spendOfClicks(world, random, { origin, day });
  });
  const plan = world.calendar.days[day];
  const origin = origins.find((candidate) => candidate.channel === 'paid_search');
  if (plan === undefined || origin === undefined || !plan.date.endsWith('-01')) return;
  const kurus = Math.round(agencyKurus * (world.calendar.months[plan.month]?.index ?? 1));
  writeSpend(world, {
    day: plan.date,
    origin,
    costType: 'agency',
    kurus,
    clicks: 0,
    impressions: 0,
    plannedKurus: kurus,
  });
}

/** The price list: each product once a quarter, as prices rise. */
export function writeProducts(world: World): void {
  const { calendar, catalogue, out } = world;
  calendar.months.forEach(({ month, index }, position) => {
    if (position % 3 !== 0 || (calendar.isPure && position > 0)) return;
    const validFrom = position === 0 ? (calendar.days[0]?.date ?? `${month}-01`) : `${month}-01`;
    for (const product of catalogue.products) {
      const listKurus = Math.round(product.priceKurus * index);
      const costKurus = Math.round(listKurus * product.costShare);
      out.add(
        'products',
        `${product.id},${product.name},${product.category},${product.brand},${money(costKurus)},${money(listKurus)},TRY,${validFrom}`,
      );
    }
  });
}
