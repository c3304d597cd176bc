import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { silentTelemetry } from '../../../functions/adapters/console-telemetry.ts';
import { FolderObjectStore } from '../../../functions/adapters/folder-object-store.ts';
import { type LakeCopy, mirrorLake } from '../../../functions/use-cases/mirror-lake.ts';
import { messageOf, request, track } from '../../support/collected-messages.ts';
import { withFolder } from '../../support/engine.ts';
import { TestLake } from '../../support/test-lake.ts';

class FolderCopy extends FolderObjectStore implements LakeCopy {
  async uploadFile(key: string, localPath: string): Promise<void> {
    await copyFile(localPath, `${localPath}.copy`);
    await this.putFile(key, `${localPath}.copy`);
  }
}

it('takes batches out of the copy of the lake that were merged here since', () =>
  withFolder(async (folder) => {
    const lake = await TestLake.open(folder);
    const copy = new FolderCopy(join(folder, 'copy'));
    const requests = Array.from({ length: 10 }, (_, n) =>
      request(n, [track(`m-${n}`, { type: 'identify', traits: { email: `k${n}@ornek.example` } })]),
    );
    for (const each of requests) await lake.landBatch([messageOf(each)]);
    await mirrorLake(lake.store, copy, silentTelemetry);
    expect(await copy.list('lake/landed')).toHaveLength(10);

    expect(await lake.compact()).toEqual({ merged: 10, into: 1 });
    await mirrorLake(lake.store, copy, silentTelemetry);

    const here = (await lake.store.list('lake')).filter((key) => !key.startsWith('lake/identit'));
    expect((await copy.list('lake')).filter((key) => !key.startsWith('lake/identit'))).toEqual(here);
    expect(await copy.list('lake/identities')).toEqual([]);
    expect(await copy.list('lake/landed')).toHaveLength(1);
  }));
