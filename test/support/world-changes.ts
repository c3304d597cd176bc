import { type SourceLine, sourceColumns } from '../oracle/types.ts';
import { chanceOf } from './chance.ts';
import type { World } from './random-world.ts';

/** One CSV text per file, in the order of receipt, for the generic `touchpoints` source. */
export function worldToCsv(world: World): string[] {
  return world.files.map((lines) => `${[sourceColumns.join(','), ...lines.map(writeLine)].join('\n')}\n`);
}

function writeLine(line: SourceLine): string {
  return sourceColumns.map((column) => writeCell(line[column])).join(',');
}

function writeCell(text: string | null): string {
  if (text === null) return '';
  return /[",\n\r]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The same lines of each file, and the files, in another order. */
export function shuffle(world: World, seed: number): World {
  const chance = chanceOf(seed);
  return { ...world, files: chance.shuffled(world.files.map((lines) => chance.shuffled(lines))) };
}

/** Some files come again whole, and one more file brings some of the lines again. */
export function repeat(world: World, seed: number): World {
  const chance = chanceOf(seed);
  const whole = world.files.filter(() => chance.happens(0.3));
  // Drawn from one file each time, so that lines without an id come at most as often as they came together.
  const part = chance.pick(world.files).filter(() => chance.happens(0.5));
  return { ...world, files: [...world.files, ...whole, part].filter((lines) => lines.length > 0) };
}

/** The same lines cut into other files. */
export function rebatch(world: World, seed: number): World {
  const chance = chanceOf(seed);
  const files: SourceLine[][] = Array.from({ length: chance.whole(1, 6) }, () => []);
  for (const group of inseparable(world)) chance.pick(files).push(...group);
  return { ...world, files: files.filter((lines) => lines.length > 0) };
}

/** All three, one after the other. */
export function disturb(world: World, seed: number): World {
  return shuffle(rebatch(repeat(world, seed), seed + 1), seed + 2);
}

/**
 * Lines without an id that are the same are as many as lie together in one file: they stay together, and what another
 * file repeats of them is left out, since beside them it would count anew.
 */
function inseparable(world: World): SourceLine[][] {
  const withId = world.files.flat().filter((line) => line.touchpoint_id !== null);
  const largest = new Map<string, SourceLine[]>();
  for (const lines of world.files) {
    const withoutId = lines.filter((line) => line.touchpoint_id === null);
    for (const [content, same] of Map.groupBy(withoutId, (line) => JSON.stringify(line))) {
      if (same.length > (largest.get(content)?.length ?? 0)) largest.set(content, same);
    }
  }
  return [...withId.map((line) => [line]), ...largest.values()];
}

/**
 * The smallest part of a failing world that still fails: whole files are left out first, then halves, then lines.
 * `fails` may be slow, so it is asked at most `mostTries` times.
 */
export async function shrink(
  world: World,
  fails: (world: World) => Promise<boolean>,
  mostTries: number,
): Promise<World> {
  let smallest = world;
  let tries = 0;
  for (let size = countLines(world); size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < countLines(smallest) && tries < mostTries; ) {
      tries += 1;
      const candidate = without(smallest, start, size);
      if (candidate.files.length > 0 && (await fails(candidate))) smallest = candidate;
      else start += size;
    }
  }
  return smallest;
}

function countLines(world: World): number {
  return world.files.reduce((sum, lines) => sum + lines.length, 0);
}

function without(world: World, start: number, size: number): World {
  let place = -1;
  const files = world.files.map((lines) =>
    lines.filter(() => {
      place += 1;
      return place < start || place >= start + size;
    }),
  );
  return { ...world, files: files.filter((lines) => lines.length > 0) };
}
