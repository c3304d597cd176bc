// What functions are made of: files on this disk before a synthesis begins, so that it needs neither network nor Docker.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Architecture, Code } from 'aws-cdk-lib/aws-lambda';
import { ConfigurationError } from '../functions/core/errors.ts';
import type { DeployConfiguration } from './configuration.ts';

export const entryNames = ['collect', 'land', 'import', 'compact', 'run'] as const;
export type EntryName = (typeof entryNames)[number];

/** Where bundling puts it, from the folder of the entry. */
export const entryHandler = (name: EntryName): string => `functions/entries/${name}.handler`;

export interface Entry {
  /** `functions/handlers/entries/NAME.ts` and what it needs, but for what the layer has. */
  readonly code: Code;
  /** What Lambda is told to load. */
  readonly handler: string;
}

/** The code of functions and of the layer that some of them stand on. */
export interface Assets {
  readonly entry: (name: EntryName) => Entry;
  /** DuckDB under /opt/nodejs/node_modules. */
  readonly duckdbLayer: () => Code;
}

export const lambdaArchitecture = ({
  architecture,
}: Pick<DeployConfiguration, 'architecture'>): Architecture =>
  architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64;

const layersFolder = fileURLToPath(new URL('layers', import.meta.url));

/** Where `npm run layer` puts the layer of an architecture. */
export const layerFolder = (architecture: string): string => join(layersFolder, 'built', architecture);

/** Entries that were bundled into a folder each, and the layer as it was built. */
export function builtAssets(
  bundles: string,
  { architecture }: Pick<DeployConfiguration, 'architecture'>,
): Assets {
  return {
    entry: (name) => ({ code: Code.fromAsset(join(bundles, name)), handler: entryHandler(name) }),
    duckdbLayer: () => {
      const folder = layerFolder(architecture);
      if (!existsSync(join(folder, 'nodejs', 'node_modules'))) {
        throw new ConfigurationError(
          `the layer with DuckDB for ${architecture} is not built`,
          `Run: npm run layer --prefix infra -- ${architecture}`,
        );
      }
      return Code.fromAsset(folder);
    },
  };
}
