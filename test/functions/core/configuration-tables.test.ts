import { describe, expect, it } from 'vitest';
import { stageTargetRows } from '../../../functions/core/configuration-tables.ts';

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
