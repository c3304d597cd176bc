import type { Manifest } from '../../functions/core/snapshot.ts';
import type { ObjectStore } from '../../functions/ports/object-store.ts';

/** Every file of the published snapshot by its name without its digest, and without ids and times of the run. */
export async function publishedPage(store: ObjectStore): Promise<Readonly<Record<string, string>>> {
  const manifest = JSON.parse((await store.getText('dashboards/manifest.json')) ?? '{}') as Manifest;
  const files: Record<string, string> = {};
  const add = async (path: string): Promise<void> => {
    const text = await store.getText(`dashboards/${path}`);
    if (text === undefined) {
      throw new Error(`the page names ${path}, which is not there`);
    }
    files[withoutRun(path, manifest)] = withoutRun(text, manifest);
  };
  for (const { files: named } of Object.values(manifest.views)) {
    await Promise.all(Object.values(named).map(({ path }) => add(path)));
  }
  await Promise.all(['index.html', 'tr/index.html', 'en/index.html'].map(add));
  return files;
}

/** Digests follow from ids. */
function withoutRun(
  text: string,
  { snapshotId, generatedAt, nextExpectedAt, staleAfter, run }: Manifest,
): string {
  return [snapshotId, generatedAt, nextExpectedAt, staleAfter, run.runId, `<dd>${run.gitSha}</dd>`]
    .reduce((rest, value) => rest.replaceAll(value, 'RUN'), text)
    .replaceAll(/\b[0-9a-f]{16,64}\b/g, 'DIGEST')
    .replaceAll(/(<dt>(?:Hazırlandı|Generated)<\/dt><dd>|Sonraki yenileme |Next refresh )[^<]*/g, '$1RUN');
}

/** Where two pages differ: the file, and the beginning of what differs. */
export function pageDifferences(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((path) => {
    const [here = '', there = ''] = [one[path], other[path]];
    const at = [...here].findIndex((letter, index) => letter !== there[index]);
    const around = (text: string): string => text.slice(Math.max(0, at - 80), at + 80);
    return here === there ? [] : [`${path}: "${around(here)}" and "${around(there)}"`];
  });
}
