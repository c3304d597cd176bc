import { randomBytes } from 'node:crypto';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

export interface AssemblyStack {
  readonly name: string;
  readonly templateFile: string;
  readonly template: Template;
}

/** What ministack 1.5.33 refuses with "Unrecognized resource types": stacks with any of it are judged by their template only. */
export const unknownToEmulator: readonly string[] = ['AWS::Athena::NamedQuery', 'AWS::Budgets::Budget'];

/** The stacks of a synthesized app. */
export async function readAssembly(folder: string): Promise<readonly AssemblyStack[]> {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as {
    artifacts: Record<string, { type: string; properties?: { templateFile?: string; stackName?: string } }>;
  };
  const stacks = Object.entries(manifest.artifacts).filter(
    ([, { type }]) => type === 'aws:cloudformation:stack',
  );
  return Promise.all(
    stacks.map(async ([id, { properties }]) => {
      const templateFile = properties?.templateFile ?? `${id}.template.json`;
      const template = JSON.parse(await readFile(join(folder, templateFile), 'utf8')) as Template;
      return { name: properties?.stackName ?? id, templateFile, template };
    }),
  );
}

export const isDeployable = ({ template }: AssemblyStack): boolean =>
  !Object.values(template.Resources).some(({ Type }) => unknownToEmulator.includes(Type));

/** Queries of the stack that the emulator cannot create. */
export async function namedQueriesOf(
  folder: string,
): Promise<readonly { readonly name: string; readonly sql: string }[]> {
  const resources = (await readAssembly(folder)).flatMap(({ template }) => Object.values(template.Resources));
  return resources
    .filter(({ Type }) => Type === 'AWS::Athena::NamedQuery')
    .map(({ Properties }) => ({ name: String(Properties?.Name), sql: String(Properties?.QueryString) }));
}

/** A copy of an app, in which templates may be changed. Throws where nothing was changed. */
export async function withTemplates(
  folder: string,
  copy: string,
  change: (template: Template) => void,
): Promise<string> {
  await cp(folder, copy, { recursive: true });
  let changed = 0;
  for (const { templateFile, template } of await readAssembly(copy)) {
    const before = JSON.stringify(template);
    change(template);
    if (JSON.stringify(template) === before) continue;
    changed += 1;
    await writeFile(join(copy, templateFile), JSON.stringify(template));
  }
  if (changed === 0) throw new Error('the mutation changes no template');
  await renameTemplates(copy);
  return copy;
}

interface AssetList {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
}

/** What is published has a digest for a name: what was changed needs another one, or the old one is taken for it. */
async function renameInAll(folder: string, digest: string): Promise<void> {
  const other = randomBytes(32).toString('hex');
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.json')) continue;
    const path = join(folder, name);
    const text = await readFile(path, 'utf8');
    // the folder of an asset keeps its name
    const kept = text.replaceAll(`asset.${digest}`, 'asset.KEPT').replaceAll(digest, other);
    await writeFile(path, kept.replaceAll('asset.KEPT', `asset.${digest}`));
  }
}

async function renameTemplates(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.assets.json'))) {
    const { files } = JSON.parse(await readFile(join(folder, name), 'utf8')) as AssetList;
    const digests = Object.entries(files).filter(([, { source }]) => source.path.endsWith('.template.json'));
    for (const [digest] of digests) await renameInAll(folder, digest);
  }
}

/** A copy of an app in which the bundle of one entry is another one. */
export async function withEntry(
  folder: string,
  copy: string,
  entry: string,
  change: (code: string) => string,
): Promise<string> {
  await cp(folder, copy, { recursive: true });
  const paths = (await readdir(copy, { recursive: true })).filter((path) =>
    new RegExp(`^asset\\.[0-9a-f]{64}/functions/entries/${entry}\\.m?js$`).test(path),
  );
  const [path = ''] = paths;
  const code = await readFile(join(copy, path), 'utf8');
  const changed = change(code);
  if (changed === code) throw new Error('the mutation changes no code');
  await writeFile(join(copy, path), changed);
  await renameInAll(copy, path.slice('asset.'.length, 'asset.'.length + 64));
  await renameTemplates(copy);
  return copy;
}
