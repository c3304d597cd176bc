import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dongu } from '../support/collect-process.ts';

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dongu-verify-'));
  const file = join(home, 'orders.csv');
  await writeFile(
    file,
    'order_id,ordered_at,customer_id,email,amount\nA-1,2026-06-01T10:00:00Z,C-1,a@ornek.example,10.50\n',
  );
  expect(await dongu(home, 'import', file, '--source', 'orders')).toMatchObject({ code: 0 });
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('dongu verify', () => {
  it('holds where nobody else is, and leaves no lock', async () => {
    expect(await dongu(home, 'verify')).toMatchObject({ code: 0 });
    expect(await readdir(join(home, 'runs'))).toEqual([]);
  });

  it('is refused beside a command that changes what it reads', async () => {
    const lock = join(home, 'runs', 'lock');
    await writeFile(lock, `${process.pid}\n`);
    try {
      const { code, stderr } = await dongu(home, 'verify');

      expect(code).not.toBe(0);
      expect(stderr).toContain(`this home is in use by another command (process ${process.pid})`);
    } finally {
      await rm(lock);
    }
  });

  it('says that a landing at work may be the reason, and only then', async () => {
    const [receipt = ''] = await readdir(join(home, 'lake', 'receipts', 'source=orders'));
    await rm(join(home, 'lake', 'landed', 'source=orders', receipt));
    const landing = join(home, 'beside-a-landing');
    for (const part of ['keys', 'lake', 'runs']) {
      await cp(join(home, part), join(landing, part), { recursive: true });
    }
    await mkdir(join(landing, 'queue'));
    await writeFile(join(landing, 'queue', 'landing.lock'), `${process.pid}\n`);

    // side by side, because both wait for a landing that may come to its end
    const [alone, beside] = await Promise.all([dongu(home, 'verify'), dongu(landing, 'verify')]);

    expect(alone.code).not.toBe(0);
    expect(alone.stderr).toContain('was not landed to its end');
    expect(alone.stderr).not.toContain('A landing is at work');
    expect(beside.code).not.toBe(0);
    expect(beside.stderr).toContain('was not landed to its end');
    expect(beside.stderr).toContain('A landing is at work');
  });
});
