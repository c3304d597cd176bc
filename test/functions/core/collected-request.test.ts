import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemLine, readCollected, writeCollected } from '../../../functions/core/collected-request.ts';

const request = {
  requestId: '01M88CKBKPX33FEEGRR4H4XMSZ',
  source: 'segment',
  receivedAt: new Date('2026-07-01T12:00:00.250Z'),
  items: ['{"a":9007199254740993,"b":"\\ud800","a":1}', '{"c":"\\n"}'],
};

describe('writeCollected and readCollected', () => {
  it('give back what was written, number by number and escape by escape', () => {
    expect(readCollected(writeCollected(request))).toEqual({ isReadable: true, request });
  });

  it('give back any JSON objects', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1 }), (objects) => {
        const items = objects.map((object) => itemLine(JSON.stringify(object, null, 1)));
        const read = readCollected(writeCollected({ ...request, items }));
        expect(read.isReadable && read.request.items.map((item) => JSON.parse(item))).toEqual(
          objects.map((object) => JSON.parse(JSON.stringify(object))),
        );
      }),
    );
  });

  it('write nothing that SQS refuses', () => {
    const items = [itemLine('{"a":"\ufffe\uffff",\r\n"b":1}')];

    expect(items).toEqual(['{"a":"\\ufffe\\uffff",  "b":1}']);
  });

  const whole = writeCollected(request);
  const header = (changes: object): string =>
    [JSON.stringify({ ...JSON.parse(whole.split('\n')[0] ?? ''), ...changes }), ...request.items].join('\n');
  it.each([
    ['nothing', '', 'damaged_header'],
    ['no JSON', 'x\n{}', 'damaged_header'],
    ['another schema', header({ schema: 'dongu.collected/2' }), 'unknown_schema'],
    ['an id that is none', header({ request_id: '../x' }), 'damaged_header'],
    ['a source that is none', header({ source: 'a/b' }), 'damaged_header'],
    ['30 February', header({ received_at: '2024-02-30T00:00:00.000Z' }), 'damaged_header'],
    ['a cut end', whole.slice(0, whole.lastIndexOf('\n')), 'items_missing'],
    ['half an item', whole.slice(0, -3), 'damaged_item'],
    ['an item too many', `${whole}\n{}`, 'items_left_over'],
    ['no item', header({ items: 0 }).split('\n')[0] ?? '', 'items_missing'],
  ])('refuse %s', (_name, body, reason) => {
    expect(readCollected(body)).toEqual({ isReadable: false, reason });
  });
});
