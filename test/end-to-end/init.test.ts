import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../functions/core/configuration.ts';
import { sectors } from '../../functions/core/lifecycle-template.ts';
import { withFolder } from '../support/engine.ts';
import { stageText, templateText } from '../support/lifecycle-builder.ts';

const program = fileURLToPath(new URL('../../bin/dongu.mjs', import.meta.url));
const example = fileURLToPath(new URL('../../sql/sources/examples/orders.csv', import.meta.url));

interface Answer {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** The command as a person gives it, in a folder. */
const dongu = (folder: string, ...words: readonly string[]): Promise<Answer> =>
  new Promise((resolve) => {
    execFile(process.execPath, [program, ...words], { cwd: folder }, (error, out, err) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out, err });
    });
  });

describe('dongu init', () => {
  it('writes settings and an own lifecycle, with which a run works', { timeout: 60_000 }, async () => {
    await withFolder(async (folder) => {
      const init = await dongu(folder, 'init', '--lifecycle', 'ecommerce', 'value', '--own-lifecycle');
      await cp(example, join(folder, 'orders.csv'));
      const landed = await dongu(folder, 'import', 'orders.csv', '--source', 'orders');
      const run = await dongu(folder, 'run');
      const told = await dongu(
        folder,
        'query',
        "select distinct kpi_id, target, target_source from kpi_values where kpi_id in ('second_purchase_rate', 'orders') order by 1",
        '--format',
        'csv',
      );

      const stages = await dongu(
        folder,
        'query',
        "select distinct lifecycle_id, segment_value, target, target_source from kpi_values where kpi_id = 'advance_rate' and segment_value in ('all', 'reach', 'value_creation') order by 1, 2",
        '--format',
        'csv',
      );

      expect(init.out).toContain(
        'wrote dongu.yaml\nwrote lifecycles/ecommerce.yml\nwrote lifecycles/value.yml\n',
      );
      expect(init.out).toMatch(/next:[\s\S]*npx dongu import FILE --source NAME[\s\S]*npx dongu run/);
      expect([init.status, landed.status, run.status]).toEqual([0, 0, 0]);
      expect(run.err).toContain('! does not hold: every rule has an event that was seen');
      expect(run.err).toMatch(/rule id: ecommerce\.reach\.1; rule key: event; never seen: .*page_viewed/);
      expect(run.err).toContain(
        'rule id: value.value_expansion.2; rule key: event; never seen: product_activated',
      );
      expect(told.out).toBe('kpi_id,target,target_source\norders,,\nsecond_purchase_rate,0.2,default\n');
      expect(stages.out).toBe(
        'lifecycle_id,segment_value,target,target_source\necommerce,all,,\necommerce,reach,0.03,default\nvalue,all,,\nvalue,value_creation,0.25,default\n',
      );
    });
  });

  it('stops a run before anything is built when its lifecycle is wrong', { timeout: 60_000 }, async () => {
    await withFolder(async (folder) => {
      await dongu(folder, 'init', '--own-lifecycle');
      const path = join(folder, 'lifecycles', 'ecommerce.yml');
      await writeFile(path, (await readFile(path, 'utf8')).replace('id: reach', 'id: outside'));
      const run = await dongu(folder, 'run');

      expect(run.status).toBe(1);
      expect(run.err).toContain('lifecycles/ecommerce.yml: stages.outside.id: "outside" is reserved');
    });
  });
});

describe('a list of lifecycles that is wrong', () => {
  it.each([
    ['[shopp]', 'lifecycles: "shopp" is not known; did you mean "shop"?'],
    ['[shop, shop]', 'lifecycles: "shop" is named twice'],
    ['[shop, lifecycles/shop.yml]', 'lifecycles: "shop" is named twice'],
  ])('%s', async (list, message) => {
    await withFolder(async (folder) => {
      await mkdir(join(folder, 'lifecycles'));
      await writeFile(join(folder, 'lifecycles', 'shop.yml'), templateText([stageText('a')]));
      await writeFile(join(folder, 'dongu.yaml'), `lifecycles: ${list}\n`);
      const run = await dongu(folder, 'run');

      expect(run.status).toBe(1);
      expect(run.err).toContain(`dongu.yaml: ${message}`);
    });
  });
});

describe('what dongu init writes', () => {
  it('overwrites nothing unless told, and then all of it', async () => {
    await withFolder(async (folder) => {
      await writeFile(join(folder, 'dongu.yaml'), 'sector: b2b\n');
      const refused = await dongu(folder, 'init', '--sector', 'saas', '--own-lifecycle');
      const kept = await readFile(join(folder, 'dongu.yaml'), 'utf8');
      const copied = await readFile(join(folder, 'lifecycles', 'saas.yml'), 'utf8').catch(
        () => 'not written',
      );
      const forced = await dongu(folder, 'init', '--sector', 'saas', '--force');

      expect(refused.status).toBe(1);
      expect(refused.err).toContain('dongu.yaml is already there');
      expect(refused.err).toContain('--force');
      expect([kept, copied]).toEqual(['sector: b2b\n', 'not written']);
      expect(forced.status).toBe(0);
      expect(await readFile(join(folder, 'dongu.yaml'), 'utf8')).toContain('sector: saas');
    });
  });

  it.each([
    ['a sector', ['--sector', 'sas'], 'the sector "sas" is not known; did you mean "saas"?'],
    ['a lifecycle', ['--lifecycle', 'ecomerce'], '"ecomerce" is not known; did you mean "ecommerce"?'],
    [
      'a lifecycle to copy',
      ['--lifecycle', 'vallue', '--own-lifecycle'],
      'the lifecycle "vallue" is not known; did you mean "value"?',
    ],
  ])(
    'answers %s that is not known with the nearest one, and writes nothing',
    async (_name, words, message) => {
      await withFolder(async (folder) => {
        const refused = await dongu(folder, 'init', ...words);

        expect(refused.status).toBe(1);
        expect(refused.err).toContain(message);
        await expect(readFile(join(folder, 'dongu.yaml'))).rejects.toThrow();
      });
    },
  );

  it.each(sectors)(
    'writes settings of the sector %s that are understood, with every comment taken off too',
    async (sector) => {
      await withFolder(async (folder) => {
        const config = join(folder, 'new', 'dongu.yaml');
        const { status } = await dongu(folder, '--config', config, 'init', '--sector', sector);
        const text = await readFile(config, 'utf8');
        const uncommented = text.replaceAll(/^(\s*)# ( *[a-z0-9_]+:( .*)?)$/gm, '$1$2');
        const settings = readConfiguration(uncommented, 'dongu.yaml');

        expect(status).toBe(0);
        expect(readConfiguration(text, 'dongu.yaml')).toMatchObject({
          sector,
          lifecycles: [sector],
          targets: {},
          stage_targets: {},
        });
        expect(Object.keys(settings.targets).length > 0).toBe(sector !== 'general');
        expect(Object.keys(settings.stage_targets[sector] ?? {}).length).toBeGreaterThan(2);
        expect(settings.engine.memory_limit).toBe('2GB');
      });
    },
  );
});
