import { type Configuration, chosenEngine, type Engine, type EngineChoice } from '../core/configuration.ts';
import { lakeCut } from '../core/lake-cut.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { readLakeRecords } from './read-lake.ts';

/** The engine that builds this lake; without a choice, the configuration's. Only for `auto` the lake's records are read. */
export async function engineFor(
  choice: EngineChoice | undefined,
  lake: ObjectStore,
  { engine }: Configuration,
): Promise<Engine> {
  const wanted = choice ?? engine.use;
  const bytes = wanted === 'auto' ? lakeCut(await readLakeRecords(lake)).bytes : 0;
  return chosenEngine(wanted, engine, bytes);
}
