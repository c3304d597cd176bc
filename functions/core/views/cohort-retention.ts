import { isSmallGroup, toCount, toMinorUnits, toText, type ViewSource, viewColumn } from './view-source.ts';

const COHORTS_SHOWN = 24;

export const cohortRetention: ViewSource = {
  id: 'cohort_retention',
  kind: 'cohort_retention',
  grain: 'month',
  title: { tr: 'Yeni kohortlar daha mı iyi kalıyor?', en: 'Do newer cohorts keep better?' },
  columns: [
    viewColumn('cohort_start', 'date', 'Kohort ayı', 'Cohort month'),
    viewColumn('period_number', 'int', 'Ay no', 'Month number'),
    viewColumn('count_cohort', 'int', 'Müşteri', 'Customers'),
    viewColumn('count_active', 'int', 'Aktif', 'Active', { additive: true }),
    viewColumn('net_amount', 'money', 'Net ciro', 'Net revenue', { format: 'currency', additive: true }),
    viewColumn('is_complete', 'boolean', 'Tamamlandı', 'Complete'),
  ],
  sql: `
    with cohorts as (
        select cohort_start, row_number() over (order by cohort_start desc) as cohorts_ago
        from cohort_retention where grain = 'month' and period_number = 0
    )
    select
        cohort_retention.cohort_start, cohort_retention.period_number, cohort_retention.count_cohort,
        cohort_retention.count_active, cohort_retention.net_amount, cohort_retention.is_complete
    from cohort_retention
    inner join cohorts on cohort_retention.cohort_start = cohorts.cohort_start
    where cohort_retention.grain = 'month' and cohorts.cohorts_ago <= ${COHORTS_SHOWN}
    order by 1, 2`,
  sqlModel: 'cohort_retention',
  definition: {
    tr: 'Kohort, ilk siparişin yerel ayıdır ve 0. aydır. Hücre, o ay sipariş veren kohort müşterilerinin payıdır; bitmemiş ay boştur.',
    en: 'A cohort is the local month of the first order, month 0. A cell is the share of the cohort that ordered in that month; a month that is not over is empty.',
  },
  shape: (rows, minimumGroup) => {
    let suppressed = 0;
    const shaped = rows.map((row) => {
      const size = toCount(row.count_cohort);
      const active = toCount(row.count_active);
      const isHidden = isSmallGroup(size, minimumGroup) || isSmallGroup(active, minimumGroup);
      suppressed += isHidden ? 1 : 0;
      return [
        toText(row.cohort_start),
        toCount(row.period_number),
        isSmallGroup(size, minimumGroup) ? null : size,
        isHidden ? null : active,
        isHidden ? null : toMinorUnits(row.net_amount),
        row.is_complete === true,
      ];
    });
    return { rows: shaped, suppressed };
  },
};
