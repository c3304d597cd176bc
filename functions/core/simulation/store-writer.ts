import { createDirt, type DirtySource } from './dirt.ts';
import { createRandom } from './random.ts';
import {
  factSources,
  type SourceName,
  sourceFiles,
  sourceNames,
  truthColumns,
  truthFiles,
} from './source-files.ts';

/** What a source's file holds, by the counts of an import: accepted = loaded + duplicates + all quarantined. */
export interface SourceCounts {
  accepted: number;
  duplicates: number;
  readonly quarantined: Record<string, number>;
  /** Lines of a kind that loads like any other: bots, unknown_events, test_orders, late, identity_calls. */
  readonly labelled: Record<string, number>;
}

interface OpenFile {
  readonly file: string;
  text: string;
}

interface SourceFile extends OpenFile {
  readonly counts: SourceCounts;
  readonly isTouchpoints: boolean;
  readonly dirt: DirtySource | undefined;
}

export interface StoreWriter {
  /** Adds one line to a source's file; dirt may follow it. */
  readonly add: (source: SourceName, line: string) => void;
  /** Adds a line that no dirt may repeat: identity calls, whose repetition is nobody's touchpoint. */
  readonly addOnce: (source: SourceName, line: string) => void;
  readonly label: (source: SourceName, label: string) => void;
  readonly addIdentity: (line: string) => void;
  readonly addCustomer: (line: string) => void;
  /** Clean lines so far, without facts. */
  readonly countTouchpoints: () => number;
  readonly counts: (source: SourceName) => SourceCounts;
  /** Writes the duplicates that still wait for their place. */
  readonly finish: () => void;
  /** Takes the text of every file that holds at least `minimum` characters. */
  readonly take: (minimum: number) => readonly OpenFile[];
}

function openSource(seed: number, source: SourceName, isPure: boolean): SourceFile {
  const { file, columns } = sourceFiles[source];
  const random = createRandom(seed, -1_000_000_000 - sourceNames.indexOf(source));
  return {
    file,
    text: columns.length === 0 ? '' : `${columns}\n`,
    counts: { accepted: 0, duplicates: 0, quarantined: {}, labelled: {} },
    isTouchpoints: !factSources.includes(source),
    dirt: isPure ? undefined : createDirt(random, source),
  };
}

function appendLine(source: SourceFile, line: string): void {
  source.text += `${line}\n`;
  source.counts.accepted += 1;
}

function appendDirt(source: SourceFile, line: string): void {
  for (const dirty of source.dirt?.after(line) ?? []) {
    appendLine(source, dirty.line);
    if (dirty.reason === undefined) source.counts.duplicates += 1;
    else source.counts.quarantined[dirty.reason] = (source.counts.quarantined[dirty.reason] ?? 0) + 1;
  }
}

export function createStoreWriter(seed: number, isPure: boolean): StoreWriter {
  const sources = Object.fromEntries(
    sourceNames.map((name) => [name, openSource(seed, name, isPure)]),
  ) as Record<SourceName, SourceFile>;
  const identities: OpenFile = { file: truthFiles.identities, text: `${truthColumns.identities}\n` };
  const customers: OpenFile = { file: truthFiles.customers, text: `${truthColumns.customers}\n` };
  const files: readonly OpenFile[] = [...Object.values(sources), identities, customers];
  let touchpoints = 0;
  return {
    add: (name, line) => {
      const source = sources[name];
      appendLine(source, line);
      if (source.isTouchpoints) touchpoints += 1;
      if (source.dirt?.isDue() === true) appendDirt(source, line);
    },
    addOnce: (name, line) => {
      appendLine(sources[name], line);
      touchpoints += 1;
    },
    label: (name, label) => {
      const { labelled } = sources[name].counts;
      labelled[label] = (labelled[label] ?? 0) + 1;
    },
    addIdentity: (line) => {
      identities.text += `${line}\n`;
    },
    addCustomer: (line) => {
      customers.text += `${line}\n`;
    },
    countTouchpoints: () => touchpoints,
    counts: (name) => sources[name].counts,
    finish: () => {
      for (const source of Object.values(sources)) {
        for (const line of source.dirt?.waiting() ?? []) {
          appendLine(source, line);
          source.counts.duplicates += 1;
        }
      }
    },
    take: (minimum) => {
      const taken: OpenFile[] = [];
      for (const open of files) {
        if (open.text.length < minimum || open.text === '') continue;
        taken.push({ file: open.file, text: open.text });
        open.text = '';
      }
      return taken;
    },
  };
}
