import { LakeError } from '../core/errors.ts';
import type { FactDefinition } from '../core/fact-definition.ts';
import { namedObjects, replacedMarkers } from '../core/lake-cut.ts';
import { lakeFolders, landedObjectKey } from '../core/lake-layout.ts';
import type { LandedMarker, Receipt } from '../core/lake-records.ts';
import type { Source } from '../core/source-definition.ts';
import type { LandedFile, LandedZone } from '../ports/landing.ts';
import type { Lease } from '../ports/lease.ts';
import { type ImportPorts, zoneFolder } from './import-files.ts';
import { changedObjects, markChanging, readMarker, writeMarker } from './landed-objects.ts';
import { readLakeRecords } from './read-lake.ts';

export type LandAgainMode =
  /** Only what lies in quarantine, after a fix of data, mapping or configuration. */
  | 'replay'
  /** Everything, through a corrected mapping. */
  | 'remap';

export interface LandAgainPorts extends ImportPorts {
  /** Of a lake that others work at too. */
  readonly lease?: Pick<Lease, 'check'>;
}

export interface LandedAgain {
  readonly imports: number;
  /** Items that lay in quarantine before and after. */
  readonly quarantinedBefore: number;
  readonly quarantinedAfter: number;
}

interface Objects {
  readonly key: (folder: string) => string;
  /** Where it can be read on this machine. */
  readonly existing: (folder: string) => Promise<string | undefined>;
}

/**
 * Lands kept payloads of a source again. At every instant each item lies in raw, in quarantine, or in both (then it
 * counts as quarantined), so that a crash loses nothing and a second try finishes the work.
 */
export async function landAgain(
  mode: LandAgainMode,
  source: Source,
  facts: Readonly<Record<string, FactDefinition>>,
  ports: LandAgainPorts,
): Promise<LandedAgain> {
  const name = source.definition.source;
  const receipts = await readReceipts(name, ports);
  let imports = 0;
  let quarantinedBefore = 0;
  let quarantinedAfter = 0;
  for (const receipt of receipts) {
    ports.telemetry.step(`${mode} ${imports + 1}/${receipts.length}`);
    const objects = objectsOf(receipt, ports);
    const quarantine = await objects.existing(lakeFolders.quarantine);
    const items = mode === 'replay' ? undefined : await objects.existing(lakeFolders.items);
    const paths = [quarantine, items].filter((path) => path !== undefined);
    const marker = await soundMarker(receipt, paths.length > 0, ports);
    if (paths.length === 0) {
      // all had been recovered when an earlier try died: only its end was not written down
      await (marker.changing.length > 0
        ? writeMarker(ports.store, receipt, namedObjects(marker), marker)
        : undefined);
      continue;
    }
    const landed = await ports.landing.land({
      source,
      facts,
      input: { kind: 'items', paths },
    });
    const before = quarantine ? await ports.landing.countRows(quarantine) : 0;
    const keys = landed.map((file) => objects.key(zoneFolder(file.zone, file.relation)));
    await ports.lease?.check();
    await markChanging(ports.store, receipt, marker, [...keys, objects.key(lakeFolders.quarantine)]);
    await (mode === 'replay'
      ? putReplayed(landed, objects, ports)
      : putRemapped(landed, source.definition.yields, objects, ports));
    await writeMarker(ports.store, receipt, [...namedObjects(marker), ...keys], marker);
    imports += 1;
    quarantinedBefore += before;
    quarantinedAfter += landed.find(({ zone }) => zone === 'quarantine')?.rows ?? 0;
  }
  return { imports, quarantinedBefore, quarantinedAfter };
}

/** Of complete imports: one that broke off is finished by importing its file again, or by the queue, and not from here. */
async function readReceipts(source: string, ports: ImportPorts): Promise<readonly Receipt[]> {
  const { receipts, markers } = await readLakeRecords(ports.store, source);
  const replaced = replacedMarkers(markers);
  return [...receipts]
    .filter(([key]) => markers.has(key) && !replaced.has(key))
    .map(([, receipt]) => receipt);
}

/** What is there before it is landed again. Damage is refused, or it would be written down as what was landed. */
async function soundMarker(receipt: Receipt, hasWork: boolean, ports: ImportPorts): Promise<LandedMarker> {
  const marker = (await readMarker(ports.store, receipt.source, receipt.import_id)) ?? {
    import_id: receipt.import_id,
    objects: [],
    changing: [],
  };
  const isWhole = hasWork && marker.changing.length === 0;
  const [fault] = isWhole ? await changedObjects(ports.store, marker) : [];
  if (fault) {
    throw new LakeError(fault, 'Restore it from a backup first: dongu verify names all that is damaged.');
  }
  return marker;
}

function objectsOf(receipt: Receipt, ports: ImportPorts): Objects {
  const key = (folder: string) =>
    landedObjectKey(folder, receipt.source, new Date(receipt.received_at), receipt.import_id);
  return {
    key,
    existing: async (folder) => {
      const wanted = key(folder);
      const keys = await ports.store.list(wanted.slice(0, wanted.lastIndexOf('/')));
      if (!keys.includes(wanted)) {
        return undefined;
      }
      await ports.store.bring?.([wanted]);
      return ports.store.localPath(wanted);
    },
  };
}

const rowKey = (file: LandedFile): readonly string[] =>
  file.zone === 'rows'
    ? ['ingest_id', file.relation === 'touchpoints' ? 'touchpoint_id' : 'fact_id']
    : ['ingest_id'];

/** Recovered items join raw first; only then is quarantine replaced by what still fails. */
async function putReplayed(
  landed: readonly LandedFile[],
  objects: Objects,
  ports: ImportPorts,
): Promise<void> {
  for (const file of landed.filter(({ zone }) => zone === 'rows' || zone === 'items')) {
    const folder = zoneFolder(file.zone, file.relation);
    const old = await objects.existing(folder);
    const path = old ? await ports.landing.merge([old, file.localPath], rowKey(file)) : file.localPath;
    await ports.store.putFile(objects.key(folder), path);
  }
  await replaceZone(
    lakeFolders.quarantine,
    landed.find(({ zone }) => zone === 'quarantine'),
    objects,
    ports,
  );
}

/** Quarantine first holds the old and the new, then raw is replaced, then quarantine holds only the new. */
async function putRemapped(
  landed: readonly LandedFile[],
  yields: readonly string[],
  objects: Objects,
  ports: ImportPorts,
): Promise<void> {
  const landedAs = (wanted: LandedZone, relation: string) =>
    landed.find((file) => file.zone === wanted && file.relation === relation);
  const quarantine = landedAs('quarantine', 'quarantine');
  const old = await objects.existing(lakeFolders.quarantine);
  if (quarantine) {
    const both = [quarantine.localPath, ...(old ? [old] : [])];
    await ports.store.putFile(
      objects.key(lakeFolders.quarantine),
      await ports.landing.merge(both, ['ingest_id']),
    );
  }
  for (const relation of yields) {
    await replaceZone(lakeFolders.rows(relation), landedAs('rows', relation), objects, ports);
  }
  await replaceZone(lakeFolders.items, landedAs('items', 'items'), objects, ports);
  await replaceZone(lakeFolders.quarantine, quarantine, objects, ports);
}

async function replaceZone(
  folder: string,
  file: LandedFile | undefined,
  objects: Objects,
  ports: ImportPorts,
): Promise<void> {
  if (file) {
    await ports.store.putFile(objects.key(folder), file.localPath);
  } else {
    await ports.store.delete(objects.key(folder));
  }
}
