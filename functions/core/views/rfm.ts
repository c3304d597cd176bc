import { rowsToHide, toCount, toMinorUnits, toText, type ViewSource, viewColumn } from './view-source.ts';

const definition = {
  tr: 'Son sipariş, sıklık ve tutar için 1–5 puan; 5 en iyisi. Puan, sıradan hesaplanır: 1 + ⌊5 × (sıra − 1) ÷ n⌋. Segment, yakınlık ve sıklık puanından gelir.',
  en: 'Scores from 1 to 5 for last order, frequency and amount; 5 is best. A score comes from the rank: 1 + ⌊5 × (rank − 1) ÷ n⌋. The segment follows from recency and frequency score.',
};

export const rfm: ViewSource = {
  id: 'rfm',
  kind: 'rfm',
  grain: 'month',
  title: {
    tr: 'Hangi segment büyük, hangisi değerli?',
    en: 'Which segments are big, and which are valuable?',
  },
  columns: [
    viewColumn('segment', 'enum', 'Segment', 'Segment'),
    viewColumn('label_tr', 'text', 'Ad (tr)', 'Label (tr)'),
    viewColumn('label_en', 'text', 'Ad (en)', 'Label (en)'),
    viewColumn('count_customers', 'int', 'Müşteri', 'Customers', { additive: true }),
    viewColumn('net_amount', 'money', 'Net ciro', 'Net revenue', { format: 'currency', additive: true }),
    viewColumn(
      'mean_days_since_last_purchase',
      'number',
      'Son siparişten bu yana ortalama gün',
      'Mean days since last order',
      { format: '0.0' },
    ),
  ],
  sql: `
    select
        rfm_segments.segment, min(segments.label_tr) as label_tr, min(segments.label_en) as label_en,
        count(*) as count_customers, cast(sum(rfm_segments.net_amount) as decimal(18, 2)) as net_amount,
        avg(cast(rfm_segments.days_since_last_purchase as double)) as mean_days_since_last_purchase
    from rfm_segments
    left join segments on rfm_segments.segment = segments.segment
    group by 1
    order by 4 desc, 1`,
  sqlModel: 'rfm_segments',
  definition,
  shape: (rows, { minimumGroup, currency }) => {
    const hidden = rowsToHide(
      rows.map((row) => toCount(row.count_customers)),
      minimumGroup,
    );
    const shaped = rows.map((row, index) => [
      toText(row.segment),
      toText(row.label_tr) ?? toText(row.segment),
      toText(row.label_en) ?? toText(row.segment),
      hidden.has(index) ? null : toCount(row.count_customers),
      hidden.has(index) ? null : toMinorUnits(row.net_amount, currency),
      hidden.has(index) ? null : toCount(row.mean_days_since_last_purchase),
    ]);
    return { rows: shaped, suppressed: hidden.size };
  },
};

export const rfmGrid: ViewSource = {
  id: 'rfm_grid',
  kind: 'rfm',
  grain: 'month',
  title: {
    tr: 'Müşteriler yakınlık ve sıklıkta nasıl dağılıyor?',
    en: 'How do customers spread over recency and frequency?',
  },
  columns: [
    viewColumn('recency_score', 'int', 'Yakınlık puanı', 'Recency score'),
    viewColumn('frequency_score', 'int', 'Sıklık puanı', 'Frequency score'),
    viewColumn('count_customers', 'int', 'Müşteri', 'Customers', { additive: true }),
  ],
  sql: `
    select recency_score, frequency_score, count(*) as count_customers
    from rfm_segments
    group by 1, 2
    order by 1, 2`,
  sqlModel: 'rfm_segments',
  definition,
  shape: (rows, { minimumGroup }) => {
    const hidden = rowsToHide(
      rows.map((row) => toCount(row.count_customers)),
      minimumGroup,
    );
    const shaped = rows.map((row, index) => [
      toCount(row.recency_score),
      toCount(row.frequency_score),
      hidden.has(index) ? null : toCount(row.count_customers),
    ]);
    return { rows: shaped, suppressed: hidden.size };
  },
};
