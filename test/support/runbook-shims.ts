import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../bin/dongu.mjs', import.meta.url));

/** A folder for PATH in which `npx dongu` is this clone's, wherever it is called, and each further command what is said. */
export async function shimFolder(
  beneath: string,
  commands: Readonly<Record<string, readonly string[]>> = {},
): Promise<string> {
  const folder = join(beneath, 'commands');
  await mkdir(folder, { recursive: true });
  const words = (parts: readonly string[]): string => parts.map((part) => `'${part}'`).join(' ');
  const texts = {
    npx: `[ "$1" = dongu ] && shift && exec ${words([process.execPath, command])} "$@"`,
    ...Object.fromEntries(
      Object.entries(commands).map(([name, parts]) => [name, `exec ${words(parts)} "$@"`]),
    ),
  };
  for (const [name, text] of Object.entries(texts)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return folder;
}
