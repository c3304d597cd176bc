import type { Configuration } from './configuration.ts';
import { ConfigurationError } from './errors.ts';
import { notOneText } from './lifecycle-issue.ts';

/** A target of a KPI that nobody knows would be shown nowhere. */
export function checkTargets({ targets }: Configuration, kpis: readonly string[]): void {
  const unknown = Object.keys(targets).filter((id) => !kpis.includes(id));
  if (unknown.length > 0) {
    const texts = unknown.map((id) => notOneText('KPI, neither built nor planned', id, kpis));
    throw new ConfigurationError(
      `dongu.yaml: targets: ${texts.join('; ')}`,
      'Name KPIs of sql/kpis or of sql/seeds/known_kpis.csv.',
    );
  }
}
