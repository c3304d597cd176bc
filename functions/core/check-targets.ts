import type { Configuration } from './configuration.ts';
import { ConfigurationError } from './errors.ts';
import { notOneText } from './lifecycle-issue.ts';

/** A target or benchmark of a KPI that nobody knows would be shown nowhere. */
export function checkTargets(
  { targets, benchmarks }: Configuration,
  kpis: readonly string[],
  unitOf: (kpi: string) => string | undefined,
): void {
  for (const [key, named] of Object.entries({ targets, benchmarks })) {
    const unknown = Object.keys(named).filter((id) => !kpis.includes(id));
    if (unknown.length > 0) {
      const texts = unknown.map((id) => notOneText('KPI, neither built nor planned', id, kpis));
      throw new ConfigurationError(
        `dongu.yaml: ${key}: ${texts.join('; ')}`,
        'Name KPIs of sql/kpis or of sql/seeds/known_kpis.csv.',
      );
    }
  }
  const money = Object.keys(benchmarks).filter((id) => unitOf(id) === 'money');
  if (money.length > 0) {
    throw new ConfigurationError(
      `dongu.yaml: benchmarks: ${money.join(', ')}: an amount of money of one year cannot be held against that of another`,
      'Benchmark a ratio, a score or a duration instead.',
    );
  }
}
