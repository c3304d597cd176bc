import type { Truth } from '../../../../functions/core/simulation/truth.ts';
import type { FileSink } from '../../../../functions/ports/file-sink.ts';
import {
  defaultSimulation,
  type SimulationOptions,
  simulateStore,
} from '../../../../functions/use-cases/simulate-store.ts';

export interface Store {
  readonly truth: Truth;
  readonly files: ReadonlyMap<string, string>;
}

export async function aStore(options: Partial<SimulationOptions>): Promise<Store> {
  const files = new Map<string, string>();
  const sink: FileSink = {
    write: async (file, text) => {
      files.set(file, (files.get(file) ?? '') + text);
    },
    close: async () => undefined,
  };
  const truth = await simulateStore({ ...defaultSimulation, customers: 500, ...options }, sink);
  return { truth, files };
}

export const linesOf = (store: Store, file: string) => (store.files.get(file) ?? '').trimEnd().split('\n');

// A reader of its own, so that the counts are not checked by the code that made them.
function parseCsvLine(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((match) =>
    match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'),
  );
}

export type Row = Readonly<Record<string, string>>;

export function rowsOf(store: Store, file: string): (Row | undefined)[] {
  const [header = '', ...lines] = linesOf(store, file);
  const names = header.split(',');
  return lines.map((line) => {
    const values = parseCsvLine(line);
    if (values.length !== names.length) return undefined;
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
  });
}

export const isTime = (text: string) => {
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString() === text;
};
