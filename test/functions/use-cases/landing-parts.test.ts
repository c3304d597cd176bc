import { describe, expect, it } from 'vitest';
import { partsOf } from '../../../functions/use-cases/landing-parts.ts';

const messages = (count: number, receiveCount: number, beginning = 'm') =>
  Array.from({ length: count }, (_, number) => ({
    id: `${beginning}${String(number).padStart(3, '0')}`,
    body: '',
    receipt: '',
    receiveCount,
  }));

const ids = (batch: ReturnType<typeof messages>) => partsOf(batch).map((part) => part.map(({ id }) => id));

describe('parts of a batch', () => {
  it('are one while no message has come often', () => {
    expect(ids([...messages(120, 1, 'a'), ...messages(1, 2, 'b')])).toHaveLength(1);
  });

  it('are groups at the third receive, so that a backlog after a fault of the store is landed in time', () => {
    const parts = ids([...messages(2, 1, 'a'), ...messages(120, 3, 'b')]);

    expect(parts.map((part) => part.length)).toEqual([2, 50, 50, 20]);
  });

  it('are single messages from the fourth on, at the fifth from the other end', () => {
    expect(ids(messages(3, 4))).toEqual([['m002'], ['m001'], ['m000']]);
    expect(ids(messages(3, 5))).toEqual([['m000'], ['m001'], ['m002']]);
  });

  it('let one that ends the process each time take no other one with it', () => {
    const killer = 'm060';
    let waiting = messages(120, 1);
    const landed = new Set<string>();
    for (let receive = 1; receive <= 5; receive += 1) {
      for (const part of partsOf(waiting.map((message) => ({ ...message, receiveCount: receive })))) {
        if (part.some(({ id }) => id === killer)) {
          break;
        }
        for (const { id } of part) {
          landed.add(id);
        }
      }
      waiting = waiting.filter(({ id }) => !landed.has(id));
    }

    expect(waiting.map(({ id }) => id)).toEqual([killer]);
  });
});
