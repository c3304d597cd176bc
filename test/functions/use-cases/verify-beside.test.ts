import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderObjectStore } from '../../../functions/adapters/folder-object-store.ts';
import type { ObjectStore } from '../../../functions/ports/object-store.ts';
import { verifyLake } from '../../../functions/use-cases/verify-lake.ts';
import { messageOf, request, track } from '../../support/collected-messages.ts';
import { TestLake } from '../../support/test-lake.ts';

let folder: string;
/** The lake after each write of landing two batches that share a request, and of compaction. */
let states: readonly ObjectStore[];

const writes: ReadonlySet<string | symbol> = new Set(['putText', 'putFile', 'replaceText', 'delete']);

const methodsOf = (store: ObjectStore) =>
  store as unknown as Record<string | symbol, (...args: readonly unknown[]) => unknown>;

function watched(store: ObjectStore, written: () => Promise<void>): ObjectStore {
  return new Proxy(store, {
    get: (_, name) =>
      writes.has(name)
        ? async (...args: readonly unknown[]) => {
            const answer = await methodsOf(store)[name]?.(...args);
            await written();
            return answer;
          }
        : methodsOf(store)[name]?.bind(store),
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dongu-beside-'));
  const kept: ObjectStore[] = [];
  const keep = async (): Promise<void> => {
    const copy = join(folder, `state-${kept.length}`);
    await cp(join(folder, 'home'), copy, { recursive: true });
    kept.push(new FolderObjectStore(copy));
  };
  const lake = await TestLake.open(folder, (store) => watched(store, keep));
  const bad = track('m-4', { timestamp: '2024-02-30' });
  const [a, b, c] = [request(1, [track('m-1'), bad]), request(2, [track('m-2')]), request(3, [track('m-3')])];
  await lake.landBatch([a, b].map((one) => messageOf(one)));
  kept.splice(0, kept.length - 1);
  await lake.landBatch([b, c].map((one) => messageOf(one)));
  expect((await lake.compact()).merged).toBe(2);
  states = kept;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A store that goes on to the next state with each so many calls, as others write while one reads. */
function moving(from: number, callsOfState: number): ObjectStore {
  let calls = 0;
  const now = (): ObjectStore => {
    const state = states[Math.min(from + Math.floor(calls / callsOfState), states.length - 1)];
    calls += 1;
    if (!state) throw new Error('there is no state');
    return state;
  };
  return new Proxy({} as ObjectStore, {
    get:
      (_, name) =>
      (...args: readonly unknown[]) => {
        const store = now();
        return methodsOf(store)[name]?.apply(store, [...args]);
      },
  });
}

describe('verify while others land and merge', () => {
  it('tells no fault of a sound lake, wherever it begins and however fast they are', async () => {
    let looks = 0;
    for (let from = 0; from < states.length; from += 1) {
      for (const calls of [1, 2, 3]) {
        const pause = async () => {
          looks += 1;
        };
        expect(await verifyLake(moving(from, calls), { pause }), `${from}, ${calls}`).toEqual([]);
      }
    }
    // one look alone would have told faults that are none
    expect(looks).toBeGreaterThan(states.length);
  });

  it('tells a loss, which stays', async () => {
    const last = states.at(-1);
    const [key] = (await last?.list('lake/raw/touchpoints')) ?? [];
    const path = last?.localPath(key ?? '') ?? '';
    await appendFile(path, ' ');

    expect(await verifyLake(moving(states.length - 1, 1))).toEqual([`${key} is not what was landed`]);
  });

  it('waits longer with each look, and gives up after the fourth', async () => {
    const waits: number[] = [];
    const pause = async (look: number) => void waits.push(look);

    await verifyLake(moving(states.length - 1, 1), { pause });

    expect(waits).toEqual([1, 2, 3]);
  });
});
