import { describe, expect, it } from 'vitest';
import { warningText } from '../../../functions/core/run-report.ts';

describe('the warning of a check', () => {
  it('says what does not hold and lists every row, so that nobody has to open the report', () => {
    const text = warningText({
      model: 'int_stage_rules_numbered',
      check: 'every rule has an event that was seen',
      status: 'warn',
      offending: [
        { rule_id: 'saas.growth.1', rule_key: 'event', never_seen: 'subscription_period_started' },
        { rule_id: 'saas.growth.2', rule_key: 'after', never_seen: 'a, b' },
      ],
    });

    expect(text.split('\n')).toEqual([
      'does not hold: every rule has an event that was seen (int_stage_rules_numbered)',
      '    rule id: saas.growth.1; rule key: event; never seen: subscription_period_started',
      '    rule id: saas.growth.2; rule key: after; never seen: a, b',
    ]);
  });
});
