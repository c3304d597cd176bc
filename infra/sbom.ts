// What is deployed, and what deploys it, as CycloneDX: npm run sbom [-- FOLDER]. From the lock files alone, so that nothing has to be
// installed, and dependencies of all platforms are named.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Folders of packages; names of their documents. */
export const documents = {
  'dongu.cdx.json': '.',
  'layer-duckdb.cdx.json': 'infra/layers/duckdb',
  'infra.cdx.json': 'infra',
} as const;

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  /** Absent of what lies inside of another package's file. */
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

export interface Bill {
  readonly bomFormat: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const isForDevelopment = ({ properties = [] }: Component): boolean =>
  properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');

/** Of what is used at run time. npm's own `--omit=dev` also leaves out what a tool has in common with it, such as yaml. */
export function withoutTools(bill: Bill): Bill {
  const components = bill.components.filter((component) => !isForDevelopment(component));
  const kept = new Set([bill.metadata.component, ...components].map((component) => component['bom-ref']));
  return {
    ...bill,
    components,
    dependencies: bill.dependencies
      .filter(({ ref }) => kept.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((on) => kept.has(on)) })),
  };
}

/** Writes all of them into the folder and answers their paths. */
export function writeDocuments(folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return Object.entries(documents).map(([name, from]) => {
    const path = join(folder, name);
    const options = ['--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
    const text = execFileSync('npm', ['sbom', ...options], { cwd: join(root, from), encoding: 'utf8' });
    writeFileSync(path, `${JSON.stringify(withoutTools(JSON.parse(text) as Bill), null, 2)}\n`);
    return path;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const path of writeDocuments(resolve(process.argv[2] ?? join(root, 'sbom')))) {
    console.log(path);
  }
}
