// The tables of docs/deploy.md: node infra/cost/tables.ts prints them.
import { fileURLToPath } from 'node:url';
import { billOf, freeDollars, posthogDollars, totalOf } from './bill.ts';
import { allowances, posthogSource, prices } from './prices.ts';
import { assumptions, usageOf } from './usage.ts';

export const volumes = [
  { name: 'none', touchpoints: 0 },
  { name: '1 M', touchpoints: 1e6 },
  { name: '100 M', touchpoints: 100e6 },
  { name: '10 B', touchpoints: 10e9 },
] as const;

/** Cents below ten dollars, whole dollars above. */
const money = (dollars: number): string =>
  dollars < 10
    ? dollars.toFixed(2)
    : Math.round(dollars)
        .toString()
        .replace(/\B(?=(\d{3})+$)/g, ',');

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export function costTable(): string {
  const bills = volumes.map(({ touchpoints }) => billOf(touchpoints));
  const items = (bills[0] ?? []).map(({ item }) => item);
  const engines = volumes.map(({ touchpoints }) => usageOf(touchpoints).engine);
  return [
    row(['touchpoints a month', ...volumes.map(({ name }) => name)]),
    row(['---', ...volumes.map(() => '---:')]),
    ...items.map((item, index) => {
      const cells = bills.map((bill) => money(bill[index]?.dollars ?? 0));
      return item === 'a run every day'
        ? row([item, ...cells.map((cell, at) => `${cell} (${engines[at]})`)])
        : row([item, ...cells]);
    }),
    row(['in all, by list price', ...bills.map((bill) => money(totalOf(bill)))]),
    row([
      '**less what is free in every account**',
      ...volumes.map(({ touchpoints }, index) => {
        const dollars = totalOf(bills[index] ?? []) - freeDollars(touchpoints);
        return `**${money(dollars)}**`;
      }),
    ]),
    row([
      'by list price, one touchpoint in each request',
      ...volumes.map(({ touchpoints }) => money(totalOf(billOf(touchpoints, 1)))),
    ]),
    row([
      `PostHog's cloud, product analytics alone (${posthogSource})`,
      ...volumes.map(({ touchpoints }) => money(posthogDollars(touchpoints))),
    ]),
  ].join('\n');
}

export function assumptionsTable(): string {
  const lines = Object.values(assumptions).map(({ value, says }) => row([value.toString(), says]));
  return [row(['figure', 'what it is']), row(['---:', '---']), ...lines].join('\n');
}

export function pricesTable(): string {
  const lines = Object.values(prices).map(({ dollars, per, source }) =>
    row([dollars.toString(), per, source]),
  );
  return [row(['dollars', 'per', 'read in']), row(['---:', '---', '---']), ...lines].join('\n');
}

export function allowancesTable(): string {
  const lines = Object.values(allowances).map(({ amount, of, source }) =>
    row([amount.toString(), of, source]),
  );
  return [row(['free in a month', 'of', 'read in']), row(['---:', '---', '---']), ...lines].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log([costTable(), assumptionsTable(), pricesTable(), allowancesTable()].join('\n\n'));
}
