import { describe, expect, it } from 'vitest';
import { touchpointsFrom } from './build.ts';
import type { SourceLine } from './types.ts';

/** The customer of each touchpoint, in the order of the lines. */
function customersOf(...lines: readonly Partial<SourceLine>[]): (string | undefined)[] {
  const nobody = { user_id: null };
  const touchpoints = touchpointsFrom(...lines.map((line) => ({ ...nobody, ...line })));
  return lines.map(
    (_, index) => touchpoints.find((item) => item.touchpointId === `t${index + 1}`)?.customerId,
  );
}

const sixDevices = ['1', '2', '3', '4', '5', '6'];

describe('identify', () => {
  it('joins identifiers transitively, identify and alias rows included', () => {
    const customers = customersOf(
      { anonymous_id: 'a' },
      { email: 'e@x.co', device_id: 'd' },
      { kind: 'alias', user_id: 'u', previous_id: 'a' },
      { kind: 'identify', user_id: 'u', email: 'E@x.co' },
      { device_id: 'd' },
    );

    expect(customers).toEqual(['u', 'u', undefined, undefined, 'u']);
  });

  it('names a customer without a user id after its oldest identifier of the best type', () => {
    const customers = customersOf(
      { device_id: 'd', occurred_at: '2024-01-01T00:00:00Z' },
      { device_id: 'd', phone: '5321234567' },
    );

    expect(customers).toEqual(['~phone:+905321234567', '~phone:+905321234567']);
  });

  it('lets an identifier seen with two user ids connect nothing', () => {
    const shared = { phone: '5321234567' };
    const customers = customersOf({ user_id: 'u', ...shared }, { user_id: 'v', ...shared }, shared);

    expect(customers).toEqual(['u', 'v', '~phone:+905321234567']);
  });

  it('lets the other identifiers of such a row decide', () => {
    const shared = { phone: '5321234567' };
    const customers = customersOf(
      { user_id: 'u', ...shared },
      { user_id: 'v', ...shared },
      { device_id: 'd', ...shared },
    );

    expect(customers[2]).toBe('~device_id:d');
  });

  it('lets an identifier seen with more than five of one type connect nothing', () => {
    const email = 'kiosk@x.co';
    const five = sixDevices.slice(1).map((device_id) => ({ email, device_id }));

    expect(customersOf(...five, { email })).toEqual(Array.from({ length: 6 }, () => '~email:kiosk@x.co'));
    expect(customersOf(...five, { email, device_id: '1' }, { email })).toEqual([
      '~device_id:2',
      '~device_id:3',
      '~device_id:4',
      '~device_id:5',
      '~device_id:6',
      '~device_id:1',
      '~email:kiosk@x.co',
    ]);
  });

  it('gives a user with six devices only the touchpoints that carry the user id', () => {
    const lines = sixDevices.map((device_id) => ({ user_id: 'u', device_id }));

    expect(customersOf(...lines, { device_id: '1' })).toEqual([...lines.map(() => 'u'), '~device_id:1']);
  });

  it('keeps only direct pairs of a group that still holds two user ids', () => {
    const customers = customersOf(
      { user_id: 'u', device_id: 'd1' },
      { device_id: 'd1', email: 'e@x.co' },
      { device_id: 'd2', email: 'e@x.co' },
      { user_id: 'v', device_id: 'd2' },
      { device_id: 'd2' },
      { email: 'e@x.co' },
    );

    expect(customers).toEqual(['u', '~email:e@x.co', '~email:e@x.co', 'v', 'v', '~email:e@x.co']);
  });

  it('takes a blocked value for no identifier', () => {
    const customers = customersOf({ user_id: 'u', device_id: '0' }, { anonymous_id: 'a', device_id: '0' });

    expect(customers).toEqual(['u', '~anonymous_id:a']);
  });
});

describe('sessions and marketing channels', () => {
  const at = (time: string, overrides: Partial<SourceLine> = {}) => ({
    occurred_at: `2024-02-29T${time}Z`,
    ...overrides,
  });

  it('begins a new session only after more than 30 minutes', () => {
    const touchpoints = touchpointsFrom(at('10:00:00'), at('10:30:00'), at('11:00:00.001'));

    expect(touchpoints.map((item) => item.sessionId)).toEqual([
      'session 1 of u1',
      'session 1 of u1',
      'session 2 of u1',
    ]);
  });

  it('keeps a given session and leaves touches and unknown channels without one', () => {
    const touchpoints = touchpointsFrom(
      at('10:00:00', { channel: 'store' }),
      at('10:00:01', { channel: 'kiosk' }),
      at('10:00:02', { channel: 'store', session_id: 's' }),
      at('10:00:03', { channel: null }),
    );

    expect(touchpoints.map((item) => item.sessionId)).toEqual([null, null, 's', 'session 1 of u1']);
    expect(touchpoints.map((item) => item.marketingChannel)).toEqual(['direct', null, 'direct', 'direct']);
  });

  it('lets an event of the business neither begin, extend nor split a visit, unless its session is given', () => {
    const refund = { event: 'order_refunded' };
    const touchpoints = touchpointsFrom(
      at('10:00:00', refund),
      at('10:01:00'),
      at('10:16:00', refund),
      at('10:31:00'),
      at('10:59:00', refund),
      at('11:01:01'),
      at('11:01:02', { ...refund, session_id: 's' }),
      at('11:01:03', { ...refund, channel: 'store' }),
      at('11:01:04', { ...refund, channel: null }),
    );

    expect(touchpoints.map((item) => [item.sessionId, item.marketingChannel])).toEqual([
      [null, null],
      ['session 1 of u1', 'direct'],
      [null, null],
      ['session 1 of u1', null],
      [null, null],
      ['session 2 of u1', 'direct'],
      ['s', 'direct'],
      [null, null],
      [null, null],
    ]);
  });

  it('fills the marketing channel on the first of a session, ties by id, and on every touch', () => {
    const touchpoints = touchpointsFrom(
      at('10:00:00', { touchpoint_id: 'b', campaign_medium: 'cpc' }),
      at('10:00:00', { touchpoint_id: 'B', campaign_medium: 'email' }),
      at('10:05:00', { touchpoint_id: 'c', channel: 'store', campaign_medium: 'sms' }),
    );

    expect(touchpoints.map((item) => [item.touchpointId, item.marketingChannel])).toEqual([
      ['B', 'email'],
      ['b', null],
      ['c', 'sms'],
    ]);
  });
});
