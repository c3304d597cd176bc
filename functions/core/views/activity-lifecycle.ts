import { isSmallGroup, toCount, toText, type ViewSource, viewColumn } from './view-source.ts';

const PERIODS_SHOWN = 25;
const counts = ['count_new', 'count_returning', 'count_resurrected', 'count_dormant'] as const;

export const activityLifecycle: ViewSource = {
  id: 'activity_lifecycle',
  kind: 'activity_lifecycle',
  grain: 'month',
  title: { tr: 'Müşteri tabanı büyüyor mu, sızdırıyor mu?', en: 'Is the customer base growing or leaking?' },
  columns: [
    viewColumn('period_start', 'date', 'Ay', 'Month'),
    viewColumn('count_new', 'int', 'Yeni', 'New', { additive: true }),
    viewColumn('count_returning', 'int', 'Devam eden', 'Returning'),
    viewColumn('count_resurrected', 'int', 'Geri dönen', 'Resurrected'),
    viewColumn('count_dormant', 'int', 'Uyuyan', 'Dormant'),
    viewColumn('is_complete', 'boolean', 'Tamamlandı', 'Complete'),
  ],
  sql: `
    with months as (
        select
            period_start, count_new, count_returning, count_resurrected, count_dormant, is_complete,
            row_number() over (order by period_start desc) as months_ago
        from activity_lifecycle where grain = 'month'
    )
    select period_start, count_new, count_returning, count_resurrected, count_dormant, is_complete
    from months where months_ago <= ${PERIODS_SHOWN}
    order by 1`,
  sqlModel: 'activity_lifecycle',
  definition: {
    tr: 'Yeni: ilk kez aktif. Devam eden: önceki ay da aktif. Geri dönen: daha önce aktif ama önceki ay değil. Uyuyan: önceki ay aktif, bu ay değil. Aktif, o ay sipariş veren demektir.',
    en: 'New: active for the first time. Returning: active in the month before too. Resurrected: active earlier but not in the month before. Dormant: active in the month before and not in this one. Active means an order in the month.',
  },
  shape: (rows, { minimumGroup }) => {
    let suppressed = 0;
    const shaped = rows.map((row) => {
      const cells = counts.map((key) => {
        const count = toCount(row[key]);
        const isHidden = isSmallGroup(count, minimumGroup);
        suppressed += isHidden ? 1 : 0;
        return isHidden ? null : count;
      });
      return [toText(row.period_start), ...cells, row.is_complete === true];
    });
    return { rows: shaped, suppressed };
  },
};
