import { copyFile } from 'node:fs/promises';
import { writeCollected } from '../../functions/core/collected-request.ts';
import { ulid } from '../../functions/core/identifiers.ts';
import type { GatheredFile, LandedFile, Landing, LandRequest } from '../../functions/ports/landing.ts';
import type { QueuedMessage } from '../../functions/ports/queue.ts';

export const noon = Date.parse('2026-03-10T12:00:00.000Z');

export interface TestRequest {
  readonly id: string;
  readonly source: string;
  readonly receivedAt: Date;
  readonly items: readonly string[];
}

/** The n-th of a test's requests: its id follows from its number. */
export function request(
  number: number,
  items: readonly string[],
  { source = 'segment', receivedAt = new Date(noon + number * 1000) } = {},
): TestRequest {
  const digits = String(number).padStart(16, '0');
  let place = 0;
  const id = ulid(receivedAt, () => {
    place += 1;
    return Number(digits[place - 1]);
  });
  return { id, source, receivedAt, items };
}

export const track = (id: string, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    type: 'track',
    event: 'Product Viewed',
    messageId: id,
    anonymousId: `anon-${id.length}`,
    timestamp: '2026-03-10T11:00:00.000Z',
    ...more,
  });

export const messageOf = (
  { id, source, receivedAt, items }: TestRequest,
  receiveCount = 1,
): QueuedMessage => ({
  id,
  receipt: id,
  receiveCount,
  body: writeCollected({ requestId: id, source, receivedAt, items }),
});

/** Lands each input once, and gives copies of its files ever after. */
export function rememberedLanding(real: Landing): Landing {
  const kept = new Map<string, readonly LandedFile[]>();
  let copies = 0;
  const gathered = new Map<string, GatheredFile>();
  const copied = async <F extends GatheredFile>(file: F): Promise<F> => {
    copies += 1;
    const localPath = `${file.localPath}.${copies}`;
    await copyFile(file.localPath, localPath);
    return { ...file, localPath };
  };
  const nameOf = ({ input }: LandRequest): string =>
    JSON.stringify(
      input.kind === 'requests'
        ? [input.requests, [...input.refused]]
        : input.kind === 'file'
          ? [input.importId, input.receivedAt]
          : input.paths,
    );
  return {
    land: async (wanted) => {
      const name = nameOf(wanted);
      const files = kept.get(name) ?? (await real.land(wanted));
      kept.set(name, files);
      return Promise.all(files.map(copied));
    },
    merge: (paths, key) => real.merge(paths, key),
    gather: async (parts, kind) => {
      const name = JSON.stringify(
        parts.map(({ path, without }) => [path.replace(/^.*\/lake\//, ''), without]),
      );
      const file = gathered.get(name) ?? (await real.gather(parts, kind));
      gathered.set(name, file);
      return copied(file);
    },
    countRows: (path) => real.countRows(path),
  };
}
