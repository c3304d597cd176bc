import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentTelemetry } from '../../../functions/adapters/console-telemetry.ts';
import { Home } from '../../../functions/local/home.ts';
import { importInbox } from '../../../functions/use-cases/import-inbox.ts';
import { withFolder } from '../../support/engine.ts';

const withHome = (work: (home: Home, put: (path: string, text: string) => Promise<void>) => Promise<void>) =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'dongu.yaml'), '');
    const home = await Home.open({
      home: join(folder, 'home'),
      config: join(folder, 'dongu.yaml'),
      telemetry: silentTelemetry,
    });
    try {
      await work(home, async (path, text) => {
        const target = join(home.root, 'inbox', path);
        await mkdir(join(target, '..'), { recursive: true });
        await writeFile(target, text);
      });
    } finally {
      await home.close();
    }
  });

const header = 'order_id,ordered_at,customer_id,amount';
const good = `${header}\nA-1,2024-03-08T10:00:00Z,C-1,10\n`;
const namesIn = async (home: Home, folder: string) =>
  (await readdir(join(home.root, folder), { recursive: true })).sort();

describe('the inbox', () => {
  it('lands files through the source in whose folder they lie, and takes them away', () =>
    withHome(async (home, put) => {
      await put('orders/a.csv', good);
      await put('orders/.half-written.csv', header);

      const { imported, refused } = await importInbox(await home.inboxPorts());

      expect(imported).toMatchObject([{ name: 'a.csv', source: 'orders', items: 1, isKnown: false }]);
      expect(refused).toEqual([]);
      expect(await namesIn(home, 'inbox')).toEqual(['orders', 'orders/.half-written.csv']);
      expect(await namesIn(home, 'imported')).toEqual(['orders', `orders/${imported[0]?.importId}-a.csv`]);
      expect(await (await home.ledger()).count()).toMatchObject([{ accepted: 1, loaded: 1, unaccounted: 0 }]);
    }));

  it('keeps what is refused, and lands the others', () =>
    withHome(async (home, put) => {
      await put('nowhere/a.csv', good);
      await put('orders/b.csv', 'no,such,columns\n1,2,3\n');
      await put('orders/c.csv', good);

      const { imported, refused } = await importInbox(await home.inboxPorts());

      expect(imported.map(({ name }) => name)).toEqual(['c.csv']);
      expect(refused.map(({ file }) => file.name)).toEqual(['a.csv', 'b.csv']);
      expect(await namesIn(home, 'inbox')).toEqual(['nowhere', 'nowhere/a.csv', 'orders', 'orders/b.csv']);
    }));

  it('takes a file away that a crash left there after it was landed', () =>
    withHome(async (home, put) => {
      await put('orders/a.csv', good);
      const ports = await home.inboxPorts();
      const dying = {
        ...ports.inbox,
        list: () => ports.inbox.list(),
        takeAway: () => Promise.reject(new Error('killed')),
      };
      await expect(importInbox({ ...ports, inbox: dying })).rejects.toThrow('killed');

      expect((await importInbox(ports)).imported).toMatchObject([{ isKnown: true }]);

      expect(await namesIn(home, 'inbox')).toEqual(['orders']);
      expect(await (await home.ledger()).count()).toMatchObject([{ accepted: 1, loaded: 1 }]);
    }));

  it('leaves a file that has changed while it was landed', () =>
    withHome(async (home, put) => {
      await put('orders/a.csv', good);
      const ports = await home.inboxPorts();
      const files = await ports.inbox.list();
      await put('orders/a.csv', `${good}A-2,2024-03-09T10:00:00Z,C-2,20\n`);

      for (const file of files) await ports.inbox.takeAway(file, '0'.repeat(32));

      expect(await namesIn(home, 'inbox')).toEqual(['orders', 'orders/a.csv']);
    }));
});
