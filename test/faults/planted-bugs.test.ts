import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { plantedBugs } from '../support/world/planted/planted-bugs.ts';

const main = fileURLToPath(new URL('../support/world/planted/main.ts', import.meta.url));

// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const isFull = process.env.DONGU_FAULTS === 'full';

interface Told {
  readonly results: readonly { readonly name: string; readonly texts: readonly string[] }[];
  readonly sound: readonly string[];
}

it.skipIf(!isFull)(
  `${plantedBugs.length} planted bugs are told, each by a check that was named for it`,
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [main], { maxBuffer: 64 * 1024 * 1024 });
    const { results, sound } = JSON.parse(stdout) as Told;

    const told = plantedBugs.map(({ name, told: checks }, index) => {
      const texts = results[index]?.texts ?? [];
      const by = texts.find((text) =>
        checks.some((check) => text === check || text.startsWith(`${check}: `)),
      );
      return { name, by, texts };
    });
    console.log(
      [
        ...told.map(({ name, by }) => `${name}\n  ${by ?? 'NOT TOLD'}`),
        `${told.filter(({ by }) => by !== undefined).length} of ${plantedBugs.length} planted bugs told`,
      ].join('\n'),
    );
    expect(told.filter(({ by }) => by === undefined)).toEqual([]);
    expect(sound).toEqual([]);
    expect(plantedBugs.length).toBeGreaterThanOrEqual(15);
  },
);
