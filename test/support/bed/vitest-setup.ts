import { readFile } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { z } from 'zod';
import { type Bed, type BedAddress, startBed } from './bed.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly bed: BedAddress;
  }
}

const addressSchema = z.object({
  awsEndpoint: z.url(),
  athenaEndpoint: z.url(),
  trinoUrl: z.url(),
});

/** The address of a bed that runs already, as JSON or as the path of a JSON file. */
async function readAddress(given: string): Promise<BedAddress> {
  const text = given.trimStart().startsWith('{') ? given : await readFile(given, 'utf8');
  const { success, data, error } = addressSchema.safeParse(JSON.parse(text));
  if (success) return data;
  throw new Error(`DONGU_BED names no running bed: ${z.prettifyError(error)}`);
}

let own: Bed | undefined;

/** One bed for all tests: the one named in DONGU_BED, else one that is started here. */
export async function setup({ provide }: TestProject): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: how a bed that runs already is named
  const given = process.env.DONGU_BED;
  if (given) {
    provide('bed', await readAddress(given));
    return;
  }
  own = await startBed();
  provide('bed', own.address);
}

export async function teardown(): Promise<void> {
  await own?.stop();
}
