import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../../functions/core/configuration.ts';
import { benchmarkRows, stageTargetRows } from '../../../functions/core/configuration-tables.ts';

describe('stageTargetRows', () => {
  it('makes a target of the advance rate of each stage that has one, and says whose it is', () => {
    const stage = { lifecycle_id: 'shop', stage_id: 'visitor', target_rate: 0.25, target_source: 'default' };
    const rows = stageTargetRows([
      { ...stage, stage_id: 'lapsed', target_rate: null, target_source: null },
      stage,
      { ...stage, stage_id: 'buyer', target_rate: 0, target_source: 'project' },
      { ...stage, stage_id: 'advocate', target_rate: null, target_source: null },
    ]);

    const target = { kpi_id: 'advance_rate', grain: null, lifecycle_id: 'shop', segment_type: 'stage' };
    expect(rows).toEqual([
      { ...target, segment_value: 'visitor', target: 0.25, source: 'default' },
      { ...target, segment_value: 'buyer', target: 0, source: 'project' },
    ]);
  });
});

describe('benchmarkRows', () => {
  const published = [
    {
      kpi_id: 'csat',
      sector: 'any',
      value: '0.8',
      year: '2020',
      source: 'A',
      comparable: 'partly',
      segment_type: 'all',
      segment_value: 'all',
      grain: '',
    },
    {
      kpi_id: 'nps',
      sector: 'saas',
      value: '31',
      year: '2021',
      source: 'B',
      comparable: 'yes',
      segment_type: 'all',
      segment_value: 'all',
      grain: '',
    },
    {
      kpi_id: 'ces',
      sector: 'ecommerce',
      value: '0.5',
      year: '2021',
      source: 'C',
      comparable: 'no',
      segment_type: 'all',
      segment_value: 'all',
      grain: '',
    },
  ];
  const configured = (text: string) => readConfiguration(text, 'dongu.yaml');

  it('are those of the sector and of any, less what cannot be compared', () => {
    const all = { segment_type: 'all', segment_value: 'all', grain: null };

    expect(benchmarkRows(configured('sector: ecommerce'), published)).toEqual([
      { kpi_id: 'csat', ...all, benchmark: 0.8, source: 'A (2020)' },
    ]);
  });

  it('of the project come in the place of those that ship', () => {
    const text = 'benchmarks: { csat: { value: 0.9, source: Our trade body, year: 2025, grain: year } }';
    const rows = benchmarkRows(configured(text), published);

    expect(rows.map(({ kpi_id, benchmark, source, grain }) => [kpi_id, benchmark, source, grain])).toEqual([
      ['csat', 0.9, 'Our trade body (2025)', 'year'],
    ]);
  });

  it('need a source and a year', () => {
    expect(() => configured('benchmarks: { csat: { value: 0.9 } }')).toThrow(/source|year/);
  });
});
