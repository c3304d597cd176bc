import { aggregates } from './aggregates.ts';
import { casts } from './casts.ts';
import { closeDoubles } from './close-doubles.ts';
import { conditions } from './conditions.ts';
import { decimals } from './decimals.ts';
import { json } from './json.ts';
import { numbers } from './numbers.ts';
import { relations } from './relations.ts';
import { texts } from './texts.ts';
import { times } from './times.ts';
import { windows } from './windows.ts';

/** A select over literals in the subset of SQL that models are written in: both engines must give the same. */
export interface Probe {
  readonly name: string;
  readonly sql: string;
  /** To the last bit, or within 1e-12 of the value where a mathematical library has a say. */
  readonly doubles: 'exact' | 'close';
}

const themes = {
  numbers,
  decimals,
  texts,
  times,
  json,
  casts,
  conditions,
  aggregates,
  windows,
  relations,
};

const probesOf = (
  theme: string,
  selects: Readonly<Record<string, string>>,
  doubles: Probe['doubles'],
): readonly Probe[] =>
  Object.entries(selects).map(([name, sql]) => ({ name: `${theme}: ${name}`, sql, doubles }));

export const probes: readonly Probe[] = [
  ...Object.entries(themes).flatMap(([theme, selects]) => probesOf(theme, selects, 'exact')),
  ...probesOf('doubles', closeDoubles, 'close'),
];
