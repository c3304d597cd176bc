import { readFile } from 'node:fs/promises';

const CALL =
  /\b(?:store|queue)\.(putText|replaceText|putFile|getText|getVersion|list|digest|delete|send|receive)\(/g;

/** Every call of a store or a queue in these files of `functions/`, named as the fault points name it: `FILE:LINE METHOD`. */
export async function callSitesIn(files: readonly string[]): Promise<readonly string[]> {
  const sites: string[] = [];
  for (const file of files) {
    const text = await readFile(new URL(`../../../functions/${file}`, import.meta.url), 'utf8');
    for (const [index, line] of text.split('\n').entries()) {
      for (const [, method] of line.matchAll(CALL)) {
        sites.push(`${file}:${index + 1} ${method}`);
      }
    }
  }
  return sites;
}
