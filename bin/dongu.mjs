#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
// Plain JavaScript on purpose: it must parse on any Node, so that it can say which one is needed.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const major = Number(process.versions.node.split('.')[0]);
const bundledNode = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));

if (major >= 24) {
  // compiled once and kept beside the packages, so that the next command starts in half the time
  module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/dongu', import.meta.url)));
  await import('../functions/local/main.ts');
} else if (existsSync(bundledNode)) {
  // The project brings its own Node 24 by `npm ci`; a shell's older one hands over to it.
  const { status, signal } = spawnSync(bundledNode, process.argv.slice(1), { stdio: 'inherit' });
  process.exitCode = signal ? 1 : (status ?? 1);
} else {
  console.error(
    `dongu needs Node 24 and this is ${process.version}. ` +
      'Run `npm ci` (with install scripts allowed for the package "node") in the clone: it brings Node 24 along.',
  );
  process.exitCode = 1;
}
