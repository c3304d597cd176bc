import { cp, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
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
  /** A project's own folder: its sources, lifecycles and dongu.yaml go along. */
  readonly project?: string;
}

/** Of a project's folder, what a function may read. */
const projectFiles = ['sources', 'lifecycles', 'dongu.yaml'];

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
  { project }: BundleOptions = {},
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
    await copyTexts(folder, project);
  }
  return { bytes: (await stat(outfile)).size, handler: `${place}.handler` };
}

async function copyTexts(folder: string, project: string | undefined): Promise<void> {
  await cp(join(root, 'sql'), join(folder, 'sql'), { recursive: true });
  if (project === undefined) {
    return;
  }
  await mkdir(join(folder, 'project'));
  for (const file of projectFiles) {
    await cp(join(project, file), join(folder, 'project', file), { recursive: true }).catch(ifThere);
  }
}

/** A project has what it needs and no more. */
function ifThere(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
    throw error;
  }
}
