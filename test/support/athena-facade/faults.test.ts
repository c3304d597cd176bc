import { describe, expect, it } from 'vitest';
import { Faults } from './faults.ts';

describe('planned faults', () => {
  it('throttle as many calls as were asked for, of one operation', () => {
    const faults = new Faults({ throttle: { calls: 2, operation: 'GetQueryResults' } });
    expect(faults.takeThrottle('StartQueryExecution')).toBeUndefined();
    expect(faults.takeThrottle('GetQueryResults')).toBe('ThrottlingException');
    expect(faults.takeThrottle('GetQueryResults')).toBe('ThrottlingException');
    expect(faults.takeThrottle('GetQueryResults')).toBeUndefined();
  });

  it('fail the nth statement of those that match, once', () => {
    const faults = new Faults({ failStatement: { nth: 2, matching: 'INSERT' } });
    const struck = ['select 1', 'insert a', 'select 2', 'insert b', 'insert c'].filter(
      (sql) => faults.takeFailure(sql) !== undefined,
    );
    expect(struck).toEqual(['insert b']);
  });

  it('delay as many statements as were asked for', () => {
    const faults = new Faults({ delay: { milliseconds: 50, statements: 2 } });
    expect(['a', 'b', 'c'].map((sql) => faults.takeDelay(sql))).toEqual([50, 50, 0]);
  });

  it('are shown, cleared, and refused where they are misspelt', () => {
    const faults = new Faults({ throttle: { calls: 1 } });
    expect(faults.state()).toEqual({ throttle: { calls: 1, exception: 'ThrottlingException' } });
    faults.clear();
    expect(faults.state()).toEqual({});
    expect(() => faults.plan({ trottle: { calls: 1 } })).toThrow('trottle');
    expect(() => faults.plan({ throttle: { calls: 0 } })).toThrow('calls');
  });
});
