import { describe, expect, it } from 'vitest';
import { inboxObject } from '../../../functions/adapters/s3-inbox.ts';
import { createdObjects } from '../../../functions/handlers/object-events.ts';

const ofEventBridge = (key: string, type = 'Object Created') => ({
  version: '0',
  source: 'aws.s3',
  'detail-type': type,
  detail: {
    version: '0',
    bucket: { name: 'a-lake' },
    object: { key, size: 5, etag: 'e' },
    reason: 'PutObject',
  },
});

const ofNotification = (key: string, eventName = 'ObjectCreated:Put') => ({
  Records: [
    { eventSource: 'aws:s3', eventName, s3: { bucket: { name: 'a-lake' }, object: { key, size: 5 } } },
  ],
});

const ofQueue = (...bodies: readonly string[]) => ({
  Records: bodies.map((body) => ({ messageId: 'm', eventSource: 'aws:sqs', body })),
});

describe('createdObjects', () => {
  it('takes a key of EventBridge as it is, and decodes that of a notification', () => {
    const key = 'inbox/orders/a+b %41 ğ.csv';

    expect(createdObjects(ofEventBridge(key))).toEqual([{ bucket: 'a-lake', key }]);
    expect(createdObjects(ofNotification('inbox/orders/a%2Bb+%2541+%C4%9F.csv'))).toEqual([
      { bucket: 'a-lake', key },
    ]);
  });

  it('finds both in messages of a queue, and in others nothing', () => {
    const messages = [
      JSON.stringify(ofEventBridge('inbox/a+b')),
      'no JSON',
      '{}',
      JSON.stringify(ofNotification('inbox/c+d')),
    ];

    expect(createdObjects(ofQueue(...messages)).map(({ key }) => key)).toEqual(['inbox/a+b', 'inbox/c d']);
    expect(createdObjects(ofQueue(JSON.stringify(ofEventBridge('k', 'Object Deleted'))))).toEqual([]);
  });

  it('takes an upload in parts and a copy as well, and of other events nothing', () => {
    expect(createdObjects(ofNotification('k', 's3:ObjectCreated:CompleteMultipartUpload'))).toHaveLength(1);
    expect(createdObjects(ofNotification('k', 'ObjectCreated:Copy'))).toHaveLength(1);
    expect(createdObjects(ofNotification('k', 'ObjectRemoved:Delete'))).toEqual([]);
    expect(createdObjects(ofEventBridge('k', 'Object Deleted'))).toEqual([]);
    // S3 asks whether it may send
    expect(createdObjects({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'a-lake' })).toEqual([]);
    expect(createdObjects(undefined)).toEqual([]);
  });
});

describe('inboxObject', () => {
  it.each([
    ['inbox/orders/a.csv', { source: 'orders', name: 'a.csv' }],
    ['inbox/orders/2026/07/a b.csv', { source: 'orders', name: '2026/07/a b.csv' }],
    ['inbox/orders/a\nb.csv', { source: 'orders', name: 'a\nb.csv' }],
    // to be told, for nobody would import them
    ['inbox/a.csv', { source: '', name: 'a.csv' }],
    ['inbox/../a.csv', { source: '..', name: 'a.csv' }],
  ])('takes %s', (key, object) => {
    expect(inboxObject(key)).toEqual(object);
  });

  it.each([
    'inbox/',
    'inbox/orders/',
    'inbox/orders/.hidden.csv',
    'inbox/orders/2026/',
    'imported/orders/a.csv',
    'lake/inbox/orders/a.csv',
    'inboxes/orders/a.csv',
  ])('passes over %s', (key) => {
    expect(inboxObject(key)).toBeUndefined();
  });
});
