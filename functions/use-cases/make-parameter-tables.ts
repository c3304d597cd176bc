import { businessDays, type HolidayRow } from '../core/business-hours.ts';
import { calendarDays, localDayOf } from '../core/calendar.ts';
import type { Catalogue } from '../core/catalogue.ts';
import type { Configuration } from '../core/configuration.ts';
import { benchmarkRows, slaRows, stageTargetRows, targetRows } from '../core/configuration-tables.ts';
import { lifecycleTables } from '../core/lifecycle-tables.ts';
import type { Columns, Warehouse, WarehouseRow } from '../ports/warehouse.ts';

export interface Span {
  readonly first: Date;
  readonly last: Date;
}

/** Everything that models read and the lake does not hold: parameters, calendar, settings, lifecycles, seeds. */
export async function makeParameterTables(
  warehouse: Warehouse,
  catalogue: Catalogue,
  configuration: Configuration,
  columns: Readonly<Record<string, Columns>>,
  time: { readonly asOf: Date; readonly span: Span },
): Promise<void> {
  const lifecycles = lifecycleTables(catalogue.lifecycles);
  const timeZone = configuration.reporting.time_zone;
  const calendar = calendarOf(timeZone, time.asOf, time.span);
  const tables: Readonly<Record<string, readonly object[]>> = {
    ...catalogue.seeds,
    run_parameters: [parametersOf(configuration, time.asOf)],
    value_settings: [configuration.value],
    calendar_days: calendar,
    business_days: businessDays(timeZone, calendar, configuration.business_hours, holidaysOf(catalogue)),
    sla_settings: slaRows(configuration),
    influencers: configuration.influencers.map((influencer) => ({ influencer: influencer.toLowerCase() })),
    targets: [
      ...targetRows(configuration, catalogue.seeds.kpi_targets ?? []),
      ...stageTargetRows(lifecycles.lifecycle_stages),
    ],
    benchmarks: benchmarkRows(configuration, catalogue.seeds.kpi_benchmarks ?? []),
    kpi_catalogue: kpiRows(catalogue),
    kpi_results: [],
    ...lifecycles,
  };
  for (const [name, rows] of Object.entries(tables)) {
    await warehouse.createFromRows(name, columns[name] ?? {}, rows as readonly WarehouseRow[]);
  }
}

function parametersOf({ reporting, activity_event }: Configuration, asOf: Date): WarehouseRow {
  return {
    as_of_at: asOf,
    as_of_date: localDayOf(reporting.time_zone)(new Date(asOf.getTime() - 1)),
    reporting_time_zone: reporting.time_zone,
    reporting_currency: reporting.currency,
    activity_event,
  };
}

function holidaysOf({ seeds }: Catalogue): readonly HolidayRow[] {
  return (seeds.public_holidays ?? []).map((row) => ({
    holiday_date: row.holiday_date ?? '',
    is_half_day: row.is_half_day === 'true',
  }));
}

function kpiRows({ kpis }: Catalogue): readonly WarehouseRow[] {
  return kpis.map(({ definition }) => ({
    kpi_id: definition.kpi,
    label_tr: definition.label.tr,
    label_en: definition.label.en,
    unit: definition.unit,
    better: definition.better,
    kpi_group: definition.group,
    position: definition.position,
    definition_version: definition.version,
  }));
}

/** From the January before the first touchpoint to a month after the cut and the last one. */
function calendarOf(timeZone: string, asOf: Date, span: Span) {
  const first = new Date(Math.min(span.first.getTime(), asOf.getTime()));
  const last = new Date(Math.max(span.last.getTime(), asOf.getTime()) + 40 * 86_400_000);
  const firstDay = `${String(first.getUTCFullYear() - 1).padStart(4, '0')}-12-01`;
  return calendarDays(timeZone, firstDay, localDayOf(timeZone)(last));
}
