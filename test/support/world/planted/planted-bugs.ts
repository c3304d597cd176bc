// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are code
import type { Check } from '../fault-loop.ts';
import type { FaultKind } from '../fault-points.ts';

/** What a program of a few letters' difference would do, and which check tells it. */
export interface PlantedBug {
  readonly name: string;
  /** Below `functions/`. */
  readonly file: string;
  /** Stands there once. */
  readonly find: string;
  readonly replace: string;
  /** What is tried: a scenario of the fault loop with these kinds, or a probe of one adapter. */
  readonly by:
    | {
        readonly scenario: 'collect' | 'import' | 'run';
        readonly kinds: readonly FaultKind[];
        /** Where alone there are faults, for speed. */
        readonly at: string;
      }
    | { readonly probe: 's3' | 'queue' };
  /** The check that tells it, or any of these; of a probe, the question. */
  readonly told: readonly (Check | Probed)[];
}

export const probed = [
  'own write',
  "another's write",
  'conflict',
  'dead letters',
  'deleted messages',
] as const;
export type Probed = (typeof probed)[number];

const landBatch = 'use-cases/land-batch.ts';
const compactLake = 'use-cases/compact-lake.ts';
const s3Store = 'adapters/s3-object-store.ts';

const ofCollecting: readonly PlantedBug[] = [
  {
    name: 'taken is said although the queue did not take it',
    file: 'use-cases/collect.ts',
    find: 'await queue.send(body).catch((cause: unknown) => {',
    replace: 'await queue.send(body).catch((cause: unknown) => {\n    if (cause) return;',
    by: { scenario: 'collect', kinds: ['transient'], at: 'collect.ts' },
    told: ['lost'],
  },
  {
    name: 'the collector normalises as well: lower case before the queue',
    file: 'use-cases/collect.ts',
    find: 'items: lines }), ports);',
    replace: 'items: lines.map((line) => line.toLowerCase()) }), ports);',
    by: { scenario: 'collect', kinds: ['transient'], at: 'collect.ts' },
    told: ['altered'],
  },
  {
    name: 'messages are deleted before they are landed',
    file: 'local/landing-loop.ts',
    find: '  const { done, failed, items } = await landBatch(part, ports);',
    replace:
      '  await queue.delete(part.map(({ receipt }) => receipt));\n  const { done, failed, items } = await landBatch(part, ports);',
    by: { scenario: 'collect', kinds: ['crash-before'], at: 'land-batch.ts' },
    told: ['lost'],
  },
  {
    name: 'messages that failed are deleted as well',
    file: 'local/landing-loop.ts',
    find: 'await queue.delete(done.map(({ receipt }) => receipt));',
    replace: 'await queue.delete(part.map(({ receipt }) => receipt));',
    by: { scenario: 'collect', kinds: ['transient'], at: 'land' },
    told: ['lost'],
  },
  {
    name: 'what was landed is remembered in the process',
    file: landBatch,
    find: '  if (await readMarker(ports.store, group.source, importId)) {',
    replace: `  const memory = (globalThis as unknown as { landed?: Set<string> });
  memory.landed ??= new Set();
  if (memory.landed.has(importId)) return;
  memory.landed.add(importId);
  if (await readMarker(ports.store, group.source, importId)) {`,
    by: { scenario: 'collect', kinds: ['transient'], at: 'land' },
    told: ['lost'],
  },
  {
    name: 'each try writes its objects under keys of its own',
    file: landBatch,
    find: 'group.source, receivedAt, importId);\n    await ports.store.putFile',
    replace:
      'group.source, receivedAt, `${importId.slice(0, 24)}${crypto.randomUUID().slice(0, 8)}`);\n    await ports.store.putFile',
    by: { scenario: 'collect', kinds: ['crash-before'], at: 'land-batch.ts' },
    told: ['torn'],
  },
  {
    name: 'the marker of a batch is written before its objects',
    file: landBatch,
    find: '  const landed = await landAround(',
    replace: '  await writeMarker(ports.store, receipt, []);\n  const landed = await landAround(',
    by: { scenario: 'collect', kinds: ['crash-before'], at: 'land-batch.ts' },
    told: ['lost', 'stuck'],
  },
  {
    name: 'the receipt of a batch is written only after landing',
    file: landBatch,
    find: 'const receipt = await keepReceipt(source, importId, requests, ports.store);',
    replace:
      'const receipt = await keepReceipt(source, importId, requests, { putText: async () => true } as never);',
    by: { scenario: 'collect', kinds: ['crash-before'], at: 'land' },
    told: ['lost', 'unaccounted', 'torn'],
  },
];

const ofCompacting: readonly PlantedBug[] = [
  {
    name: 'batches are deleted before their merge is complete',
    file: compactLake,
    find: '  const marking = { isWhole: true',
    replace:
      '  for (const part of parts) await removeImport(part.receipt, part.marker, store);\n  const marking = { isWhole: true',
    by: { scenario: 'collect', kinds: ['crash-before'], at: 'compact-lake.ts' },
    told: ['lost'],
  },
  {
    name: 'a merge that was taken for dead is completed all the same',
    file: compactLake,
    find: '(await markDead(store, receipt)) ||',
    replace: 'receipt.import_id !== "" ||',
    by: { scenario: 'collect', kinds: ['zombie'], at: 'read-lake.ts' },
    told: ['lost', 'torn'],
  },
  {
    name: 'requests that lie in two batches are merged twice',
    file: compactLake,
    find: '(kept.get(id) === batch ? [] : [id])',
    replace: '(kept.get(id) ? [] : [id])',
    by: { scenario: 'collect', kinds: ['transient'], at: 'collect.ts' },
    told: ['doubled', 'stuck'],
  },
  {
    name: 'what a merge replaces is forgotten after a crash',
    file: compactLake,
    find: 'if (replaced.has(receipt.import_id)) {',
    replace: 'if (replaced.has("")) {',
    by: { scenario: 'collect', kinds: ['crash-after'], at: 'compact-lake.ts' },
    told: ['stuck'],
  },
];

const ofImporting: readonly PlantedBug[] = [
  {
    name: 'the marker of a file is written before its objects',
    file: 'use-cases/import-files.ts',
    find: '  const keys = await putLanded(',
    replace: '  await writeMarker(ports.store, receipt, []);\n  const keys = await putLanded(',
    by: { scenario: 'import', kinds: ['crash-before'], at: 'import-files.ts' },
    told: ['unaccounted', 'torn'],
  },
];

const ofRunning: readonly PlantedBug[] = [
  {
    name: 'the lease is never looked at again',
    file: 'use-cases/run-lease.ts',
    find: '  if (record?.token !== token) {',
    replace: '  if (record?.token === -1) {',
    by: { scenario: 'run', kinds: ['zombie'], at: 'run-lease.ts' },
    told: ['torn'],
  },
  {
    name: 'the switch does not look at the token',
    file: 'adapters/duckdb-build.ts',
    find: '  if (fenceOf(text) > fence) {',
    replace: '  if (fenceOf(text) > fence + 1000) {',
    by: { scenario: 'run', kinds: ['zombie'], at: 'duckdb-build.ts' },
    told: ['torn'],
  },
  {
    name: 'what another run is building is left to it',
    file: 'adapters/duckdb-build.ts',
    find: 'key.startsWith(buildingPrefix)',
    replace: 'key.startsWith(`no ${buildingPrefix}`)',
    by: { scenario: 'run', kinds: ['crash-before', 'zombie'], at: 'duckdb-build.ts' },
    told: ['torn', 'stuck'],
  },
  {
    name: 'a lease is held until it is given back',
    file: 'use-cases/run-lease.ts',
    find: '  return left > 0 && left <= 2 * LEASE_MILLISECONDS;',
    replace: '  return expires_at !== null && left !== Infinity;',
    by: { scenario: 'run', kinds: ['crash-before'], at: 'run-lease.ts' },
    told: ['stuck'],
  },
  {
    name: 'the run is named before its warehouse is there',
    file: 'adapters/duckdb-build.ts',
    find: '      await refuseOlder(store, place, manifest);',
    replace: '      await nameRun(store, place, manifest);',
    by: { scenario: 'run', kinds: ['crash-before'], at: 'duckdb-build.ts' },
    told: ['torn'],
  },
  {
    name: 'the snapshot is named before it is kept',
    file: 'use-cases/publish-snapshot.ts',
    find: '  await store.putText(`${FOLDER}/m/${manifest.snapshotId}.json`, text, { ifAbsent: true });\n',
    replace: `  await putWhileHeld(store, ports.lease, \`\${FOLDER}/manifest.json\`, text);
  await store.putText(\`\${FOLDER}/m/\${manifest.snapshotId}.json\`, text, { ifAbsent: true });
`,
    by: { scenario: 'run', kinds: ['crash-after'], at: 'run-lease.ts' },
    told: ['torn'],
  },
];

const ofAdapters: readonly PlantedBug[] = [
  {
    name: "one's own 412 is taken for another's",
    file: s3Store,
    find: 'return attemptsOf(error) > 1 && (await this.getText(key)) === text;',
    replace: 'return false;',
    by: { probe: 's3' },
    told: ['own write'],
  },
  {
    name: "another's 412 is taken for one's own",
    file: s3Store,
    find: 'return attemptsOf(error) > 1 && (await this.getText(key)) === text;',
    replace: 'return attemptsOf(error) > 0;',
    by: { probe: 's3' },
    told: ["another's write"],
  },
  {
    name: 'a conflict is not tried again',
    file: s3Store,
    find: '!hasStatus(error, 409)',
    replace: '!hasStatus(error, 408)',
    by: { probe: 's3' },
    told: ['conflict'],
  },
  {
    name: 'dead letters are not kept',
    file: 'adapters/folder-queue.ts',
    find: '      await writeDurably(join(this.#deadFolder, `${message.id}${deadLetterEnding}`), message.body);\n',
    replace: '',
    by: { probe: 'queue' },
    told: ['dead letters'],
  },
  {
    name: 'a restart forgets what was deleted',
    file: 'adapters/folder-queue.ts',
    find: '`\\nD ${record.id}`',
    replace: '`\\nX ${record.id}`',
    by: { probe: 'queue' },
    told: ['deleted messages'],
  },
];

export const plantedBugs: readonly PlantedBug[] = [
  ...ofCollecting,
  ...ofCompacting,
  ...ofImporting,
  ...ofRunning,
  ...ofAdapters,
];
