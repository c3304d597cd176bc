import { cp, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

export interface Bundle {
  /** Of the program; the texts beside it are read when they are needed. */
  readonly bytes: number;
  /** What Lambda is told to load, from the folder. */
  readonly handler: string;
}

export interface BundleOptions {
  /** The configuration of a project: it goes along, with sources and lifecycles of its folder. Neither has to be there. */
  readonly configuration?: string;
}

/** Of a project's folder, what a function may read. */
const projectFolders = ['sources', 'lifecycles'];

/** Whoever imports this reads texts from `sql/`. */
const READS_TEXTS = 'functions/adapters/project-files.ts';

/** DuckDB's native part is a layer, and layers are found by `require` only: modules are not looked for in NODE_PATH. */
const duckdbOfLayer: Plugin = {
  name: 'duckdb-of-layer',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^@duckdb\// }, ({ path, kind }) =>
      kind === 'require-call' ? { path, external: true } : { path, namespace: 'duckdb' },
    );
    onLoad({ filter: /.*/, namespace: 'duckdb' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
      loader: 'js',
    }));
  },
};

/** Zod brings its messages in fifty languages, a third of the collector. What is told is told in one. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};

/**
 * Bundles `functions/handlers/entries/NAME.ts` into an empty folder, which is a Lambda function's code but for DuckDB. The same
 * sources give the same bytes.
 */
export async function bundleEntry(
  name: string,
  folder: string,
  { configuration }: BundleOptions = {},
): Promise<Bundle> {
  await rm(folder, { recursive: true, force: true });
  // as deep as the sources, which find `sql/` two folders above theirs
  const place = join('functions', 'entries', name);
  const outfile = join(folder, `${place}.mjs`);
  const { metafile } = await build({
    entryPoints: [`functions/handlers/entries/${name}.ts`],
    absWorkingDir: root,
    outfile,
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // modules leave out what is not used
    mainFields: ['module', 'main'],
    minify: true,
    // errors are told by the names of their classes
    keepNames: true,
    legalComments: 'none',
    charset: 'utf8',
    plugins: [duckdbOfLayer, oneLanguage],
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  if (READS_TEXTS in metafile.inputs) {
    await copyTexts(folder, configuration);
  }
  return { bytes: (await stat(outfile)).size, handler: `${place}.handler` };
}

async function copyTexts(folder: string, configuration: string | undefined): Promise<void> {
  await cp(join(root, 'sql'), join(folder, 'sql'), { recursive: true });
  if (configuration === undefined) {
    return;
  }
  const project = join(folder, 'project');
  await mkdir(project);
  // whatever it is called: functions look for it under this name
  await cp(configuration, join(project, 'dongu.yaml')).catch(ifThere);
  for (const name of projectFolders) {
    await cp(join(dirname(configuration), name), join(project, name), { recursive: true }).catch(ifThere);
  }
}

/** A project has what it needs and no more. */
function ifThere(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
    throw error;
  }
}
