import {
  isSmallGroup,
  type SourceRow,
  toCount,
  toMinorUnits,
  toText,
  type ViewSource,
  viewColumn,
} from './view-source.ts';

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
    , shown as (
        select
            cohort_retention.cohort_start, cohort_retention.period_number, cohort_retention.count_cohort,
            cohort_retention.count_active, cohort_retention.net_amount, cohort_retention.is_complete
        from cohort_retention
        inner join cohorts on cohort_retention.cohort_start = cohorts.cohort_start
        where cohort_retention.grain = 'month' and cohorts.cohorts_ago <= ${COHORTS_SHOWN}
    )
    select cohort_start, period_number, count_cohort, count_active, net_amount, is_complete
    from shown
    union all
    -- all shown cohorts together, of complete cells: from hidden cells a reader could not add this up
    select
        cast(null as date), period_number, cast(sum(count_cohort) as bigint), cast(sum(count_active) as bigint),
        cast(sum(net_amount) as decimal(18, 2)), true
    from shown where is_complete
    group by 2
    order by 1 nulls last, 2`,
  sqlModel: 'cohort_retention',
  definition: {
    tr: 'Kohort, ilk siparişin yerel ayıdır ve 0. aydır. Hücre, o ay sipariş veren kohort müşterilerinin payıdır; bitmemiş ay boştur. Kohortu boş satırlar, gösterilen bütün kohortların toplamıdır.',
    en: 'A cohort is the local month of the first order, month 0. A cell is the share of the cohort that ordered in that month; a month that is not over is empty. Rows without a cohort are all shown cohorts together.',
  },
  shape: (rows, { minimumGroup, currency }) => {
    const isHidden = (row: SourceRow): boolean =>
      row.cohort_start !== null &&
      (isSmallGroup(toCount(row.count_cohort), minimumGroup) ||
        isSmallGroup(toCount(row.count_active), minimumGroup));
    const hiddenIn = Map.groupBy(rows.filter(isHidden), (row) => toCount(row.period_number));
    // a total beside one hidden cell would give that cell back
    const isPublished = (row: SourceRow): boolean =>
      row.cohort_start !== null ||
      ((hiddenIn.get(toCount(row.period_number))?.length ?? 0) !== 1 &&
        !isSmallGroup(toCount(row.count_active), minimumGroup));
    const shaped = rows.filter(isPublished).map((row) => {
      const size = toCount(row.count_cohort);
      return [
        toText(row.cohort_start),
        toCount(row.period_number),
        isSmallGroup(size, minimumGroup) ? null : size,
        isHidden(row) ? null : toCount(row.count_active),
        isHidden(row) ? null : toMinorUnits(row.net_amount, currency),
        row.is_complete === true,
      ];
    });
    return { rows: shaped, suppressed: rows.filter(isHidden).length };
  },
};
