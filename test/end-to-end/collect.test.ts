import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CollectProcess, dongu, newKey, startCollect } from '../support/collect-process.ts';
import { asBasic } from '../support/collector.ts';

let home: string;
let started: CollectProcess | undefined;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dongu-collect-'));
});

afterEach(async () => {
  await started?.stop('SIGKILL');
  started = undefined;
  await rm(home, { recursive: true, force: true });
});

const post = (key: string, path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${started?.url}${path}`, {
    method: 'POST',
    headers: { authorization: asBasic(key), ...headers },
    body,
  });

describe('keys of dongu collect', () => {
  it('does not start without a key, and says how to make one', async () => {
    const { code, stderr } = await dongu(home, 'collect', '--port', '0');

    expect(code).toBe(1);
    expect(stderr).toContain('there is no write key');
    expect(stderr).toContain('dongu collect keys new');
  });

  it('shows a key once, keeps its hash, and ends it while it serves', async () => {
    const key = await newKey(home, '--id', 'shop');
    const kept = await readFile(join(home, 'keys', 'write-keys.yml'), 'utf8');
    const listed = await dongu(home, 'collect', 'keys', 'list');

    expect(key).toMatch(/^dongu_server_[A-Za-z0-9_-]{32}$/);
    expect(kept + listed.stdout).not.toContain(key);
    expect(listed.stdout).toMatch(/shop +segment +server +valid +all/);

    started = await startCollect(home);
    expect((await post(key, '/v1/track', '{}')).status).toBe(200);
    await dongu(home, 'collect', 'keys', 'revoke', 'shop');
    await new Promise((done) => setTimeout(done, 700));
    expect((await post(key, '/v1/track', '{}')).status).toBe(401);
  });

  it.each([
    [['--kind', 'public'], 'origins'],
    [['--kind', 'public', '--origin', 'shop.example'], 'origin'],
    [['--id', 'Shop!'], 'id'],
    [['--quota', '0'], 'quota'],
  ])('makes no key of %o', async (args, word) => {
    await expect(newKey(home, ...args)).rejects.toThrow(word);
    expect((await dongu(home, 'collect', 'keys', 'list')).stdout).toContain('no write key');
  });

  it('makes no two keys of one id, and ends none that is not there', async () => {
    await newKey(home, '--id', 'shop');

    await expect(newKey(home, '--id', 'shop')).rejects.toThrow('the same id');
    expect(await dongu(home, 'collect', 'keys', 'revoke', 'shpo')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('did you mean "shop"?'),
    });
  });
});

describe('dongu collect', () => {
  it('says so when its port is taken', async () => {
    await newKey(home);
    started = await startCollect(home);

    const { code, stderr } = await dongu(home, 'collect', '--port', new URL(started.url).port);

    expect(code).toBe(1);
    expect(stderr).toContain('cannot listen');
    expect(stderr).toContain('--port');
  });

  it('answers what is under way when it is told to stop', async () => {
    const key = await newKey(home);
    started = await startCollect(home);
    const answers = Array.from({ length: 40 }, () => post(key, '/v1/batch', '{"batch":[{"a":1}]}'));
    // looked at from the beginning: one that is cut off while the process ends must not go unhandled
    const settled = Promise.allSettled(answers);
    await answers[0];

    const code = await started.stop();

    expect(code).toBe(0);
    const statuses = (await settled).map((one) =>
      one.status === 'fulfilled' ? one.value.status : 'refused',
    );
    expect(statuses.filter((status) => status !== 200 && status !== 'refused')).toEqual([]);
  });

  it('never tells its log what it was sent', async () => {
    const key = await newKey(home, '--event', 'page_viewed');
    started = await startCollect(home);
    const canary = 'canary-4711';
    const requests: readonly (readonly [path: string, body: string, headers?: Record<string, string>])[] = [
      ['/v1/track', `{"event":"${canary}","userId":"${canary}","messageId":"${canary}"}`],
      ['/v1/track', `{"email":"${canary}@example.com"`],
      ['/v1/batch', `{"batch":[{"a":${canary}},3,"${canary}"]}`],
      ['/v1/batch', `{"batch":[{"type":"page","userId":"${canary}"}]}`],
      [`/v1/form/${canary}`, `email=${canary}`, { 'content-type': 'application/x-www-form-urlencoded' }],
      [`/v1/webhook/${canary}`, canary],
      [`/${canary}`, canary],
      ['/v1/track', canary, { 'content-type': canary, origin: `https://${canary}.example` }],
      ['/v1/track', canary, { 'content-encoding': 'gzip', 'user-agent': canary, cookie: canary }],
      ['/v1/track', '{}', { authorization: asBasic(canary) }],
    ];
    for (const [path, body, headers] of requests) {
      await (await post(key, path, body, headers)).text();
    }
    await started.stop();

    expect(started.output()).toContain('event_not_allowed');
    expect(started.output()).not.toContain(canary);
    expect(started.output()).not.toContain(key);
  });
});
