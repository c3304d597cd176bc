import { describe, expect, it } from 'vitest';
import {
  allowsEvent,
  allowsOrigin,
  isKnownOrigin,
  isValidAt,
  readWriteKeys,
  type SendingKey,
} from '../../../../functions/core/collect/write-keys.ts';
import { ConfigurationError } from '../../../../functions/core/errors.ts';
import { NOW, publicKey, serverKey, webhookKey, writeKeys } from '../../../support/collector.ts';

const one = (entry: object): SendingKey => writeKeys(entry)[0] as SendingKey;

describe('readWriteKeys', () => {
  it.each([
    ['a key in the clear', { key_sha256: 'dongu_server_clear' }, 'SHA-256'],
    ['a public key without origins', publicKey({ origins: [] }), 'origins'],
    ['an origin with a path', publicKey({ origins: ['https://shop.example/x'] }), 'origin'],
    ['a redirect that is a script', publicKey({ redirects: ['javascript:alert(1)'] }), 'address'],
    ['a short secret', webhookKey({ secret: 'short' }), '32'],
    ['a day that is none', serverKey({ valid_until: '2024-02-30T00:00:00Z' }), 'instant'],
    ['an id that is a path', serverKey({ id: '../x' }), 'id'],
    ['an unknown key', serverKey({ qouta_per_minute: 1 }), 'qouta_per_minute'],
  ])('refuses %s', (_name, entry, word) => {
    const read = (): unknown =>
      readWriteKeys(JSON.stringify({ keys: [{ ...serverKey(), ...entry }] }), 'keys.yml');

    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(word);
  });

  it('refuses two keys of one id, and two of one hash', () => {
    expect(() => writeKeys(serverKey(), serverKey())).toThrow('the same id');
    expect(() => writeKeys(serverKey(), serverKey({ id: 'other' }))).toThrow('the same key');
  });

  it('never repeats a secret', () => {
    const read = (): unknown => writeKeys(webhookKey({ secret: 'not-to-be-seen' }));

    expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining('not-to-be-seen') }));
  });
});

describe('isValidAt', () => {
  it.each([
    ['without bounds', {}, true],
    ['at its first instant', { valid_from: NOW.toISOString() }, true],
    ['before it', { valid_from: '2026-07-01T12:00:00.251Z' }, false],
    ['just before its end', { valid_until: '2026-07-01T12:00:00.251Z' }, true],
    ['at its end', { valid_until: NOW.toISOString() }, false],
    ['with an offset', { valid_until: '2026-07-01T15:00:00+03:00' }, false],
  ])('holds %s: %o is %s', (_name, bounds, expected) => {
    expect(isValidAt(one(serverKey(bounds)), NOW)).toBe(expected);
  });
});

describe('allowsOrigin', () => {
  it.each([
    [publicKey(), 'https://shop.example', true],
    [publicKey(), 'https://SHOP.example', false],
    [publicKey(), 'http://shop.example', false],
    [publicKey(), 'https://shop.example.evil.example', false],
    [publicKey(), 'https://evil.example', false],
    [publicKey(), 'null', false],
    [publicKey(), undefined, false],
    [publicKey({ origins: ['*'] }), 'https://any.example', true],
    [publicKey({ origins: ['*'] }), undefined, true],
    [serverKey(), undefined, true],
    [serverKey(), 'https://shop.example', false],
  ])('judges the origin', (entry, origin, expected) => {
    expect(allowsOrigin(one(entry), origin)).toBe(expected);
  });
});

describe('isKnownOrigin', () => {
  it('knows the origins of valid public keys only', () => {
    const ended = publicKey({ valid_until: '2026-01-01T00:00:00Z' });

    expect(isKnownOrigin(writeKeys(publicKey(), serverKey()), 'https://shop.example', NOW)).toBe(true);
    expect(isKnownOrigin(writeKeys(ended, serverKey()), 'https://shop.example', NOW)).toBe(false);
  });
});

describe('allowsEvent', () => {
  const key = one(publicKey({ events: ['page_viewed', 'Product Added', 'identify', 'i'] }));
  it.each([
    ['page', undefined, true],
    ['PAGE', undefined, true],
    ['screen', undefined, false],
    ['identify', undefined, true],
    ['track', 'Product Added', true],
    ['track', 'product_added', true],
    ['track', 'ProductAdded', true],
    ['track', 'Prodüct Added', true],
    ['track', 'Page Viewed', true],
    ['track', 'Order Completed', false],
    ['track', 'Product Added 2', false],
    ['track', 'product', false],
    ['track', 'İ', true],
    ['track', 'ı', true],
    ['track', '', false],
    ['track', 7, false],
    ['track', undefined, false],
    ['track', 'x'.repeat(32_000), false],
    ['__proto__', undefined, false],
    ['constructor', undefined, false],
    [undefined, 'Product Added', false],
    [{ toLowerCase: 1 }, 'Product Added', false],
  ])('judges %o %o: %s', (type, event, expected) => {
    expect(allowsEvent(key, type, event)).toBe(expected);
  });

  it('takes all where all are allowed', () => {
    expect(allowsEvent(one(serverKey()), undefined, undefined)).toBe(true);
  });
});
