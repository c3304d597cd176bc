import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listSources } from '../../functions/adapters/project-files.ts';
import { importInto } from '../../functions/local/commands/import.ts';
import { Home } from '../../functions/local/home.ts';
import { withFolder } from '../support/engine.ts';

describe('import of several files', () => {
  it('tells of each file that was landed before a later one is refused', () =>
    withFolder(async (folder) => {
      const config = join(folder, 'dongu.yaml');
      await writeFile(config, '');
      await writeFile(join(folder, 'good.csv'), 'order_id,ordered_at,customer_id\nA,2024-03-01,C\n');
      await writeFile(join(folder, 'empty.csv'), '');
      const told: string[] = [];
      const telemetry = {
        step: () => undefined,
        done: (text: string) => told.push(text),
        warn: () => undefined,
      };
      const home = await Home.open({ home: join(folder, 'home'), config, telemetry });
      const paths = [join(folder, 'good.csv'), join(folder, 'empty.csv')];

      await expect(importInto(home, paths, 'orders')).rejects.toThrow('empty.csv: is empty');

      expect(told).toEqual(['good.csv: 1 rows through orders']);
      await home.close();
    }));
});

describe('the list of sources', () => {
  it("has the project's own beside the built-in ones, each once", () =>
    withFolder(async (folder) => {
      const builtIn = await listSources(folder);
      await mkdir(join(folder, 'sources'));
      await writeFile(join(folder, 'sources', 'gym.yml'), '');
      await writeFile(join(folder, 'sources', 'orders.yml'), '');

      const sources = await listSources(folder);

      expect(sources).toEqual([...builtIn, 'gym'].sort());
    }));
});
