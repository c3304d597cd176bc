import { isSmallGroup, toCount, toMinorUnits, toText, type ViewSource, viewColumn } from './view-source.ts';

const MONTHS_SHOWN = 13;
const KPIS_SHOWN = 12;

/** Counts of persons, visits or orders are sizes: a small one of the whole business tells of nobody. */
export const sizeUnits = new Set(['count', 'money']);

export const kpiTiles: ViewSource = {
  id: 'kpi_tiles',
  kind: 'kpi_tiles',
  grain: 'month',
  title: {
    tr: 'Temel göstergeler hedefe göre nerede?',
    en: 'Where do the key figures stand against target?',
  },
  columns: [
    viewColumn('kpi_id', 'text', 'Gösterge', 'KPI'),
    viewColumn('label_tr', 'text', 'Ad (tr)', 'Label (tr)'),
    viewColumn('label_en', 'text', 'Ad (en)', 'Label (en)'),
    viewColumn('unit', 'enum', 'Birim', 'Unit'),
    viewColumn('better', 'enum', 'İyi yön', 'Better'),
    viewColumn('period_start', 'date', 'Ay', 'Month'),
    viewColumn('value', 'number', 'Değer', 'Value', { format: '0.0000' }),
    viewColumn('numerator', 'number', 'Pay', 'Numerator', { additive: true }),
    viewColumn('denominator', 'number', 'Payda', 'Denominator', { additive: true }),
    viewColumn('target', 'number', 'Hedef', 'Target', { format: '0.0000' }),
    viewColumn('is_complete', 'boolean', 'Tamamlandı', 'Complete'),
    viewColumn('null_reason', 'text', 'Boş olma nedeni', 'Reason for no value'),
    viewColumn('target_source', 'enum', 'Hedefin kaynağı', 'Source of the target'),
    viewColumn('benchmark', 'number', 'Sektör kıyaslaması', 'Benchmark', { format: '0.0000' }),
    viewColumn('benchmark_source', 'text', 'Kıyaslamanın kaynağı', 'Source of the benchmark'),
  ],
  sql: `
    with shown as (
        select kpi_id, row_number() over (order by position asc, kpi_id asc) as tile_number
        from kpi_catalogue
        where kpi_id in (
            select kpi_id from kpi_values
            where grain = 'month' and segment_type = 'all' and lifecycle_id is null and value is not null
        )
    ),
    months as (
        select period_start, row_number() over (order by period_start desc) as months_ago
        from int_periods where grain = 'month'
    )
    select
        kpi_values.kpi_id, kpi_catalogue.label_tr, kpi_catalogue.label_en, kpi_catalogue.unit, kpi_catalogue.better,
        kpi_values.period_start, kpi_values.value, kpi_values.numerator, kpi_values.denominator, kpi_values.n,
        kpi_values.target, kpi_values.is_complete, kpi_values.null_reason, kpi_values.target_source,
        kpi_values.benchmark, kpi_values.benchmark_source
    from kpi_values
    inner join shown on kpi_values.kpi_id = shown.kpi_id
    inner join kpi_catalogue on kpi_values.kpi_id = kpi_catalogue.kpi_id
    inner join months on kpi_values.period_start = months.period_start
    where kpi_values.grain = 'month' and kpi_values.segment_type = 'all' and kpi_values.lifecycle_id is null
        and shown.tile_number <= ${KPIS_SHOWN} and months.months_ago <= ${MONTHS_SHOWN}
    order by shown.tile_number, kpi_values.period_start`,
  sqlModel: 'kpi_values',
  definition: {
    tr: 'Her gösterge için son 13 ay; oranlar pay ve paydasıyla yayımlanır. Süren ay kısmi sayılır.',
    en: 'The last 13 months of each KPI; ratios are published with numerator and denominator. A running month is partial.',
  },
  shape: (rows, { minimumGroup, currency }) => {
    let suppressed = 0;
    const shaped = rows.map((row) => {
      const unit = String(row.unit);
      const inUnit = (value: unknown) => (unit === 'money' ? toMinorUnits(value, currency) : toCount(value));
      const isHidden = !sizeUnits.has(unit) && isSmallGroup(toCount(row.n), minimumGroup);
      suppressed += isHidden ? 1 : 0;
      return [
        toText(row.kpi_id),
        toText(row.label_tr),
        toText(row.label_en),
        unit,
        row.better === 'neither' ? '-' : toText(row.better),
        toText(row.period_start),
        isHidden ? null : inUnit(row.value),
        isHidden ? null : toCount(row.numerator),
        isHidden ? null : toCount(row.denominator),
        inUnit(row.target),
        row.is_complete === true,
        isHidden ? 'suppressed' : toText(row.null_reason),
        toText(row.target_source),
        toCount(row.benchmark),
        toText(row.benchmark_source),
      ];
    });
    return { rows: shaped, suppressed };
  },
};
