// What `cdk` runs: bundles the functions, then says what an installation is made of. Asks nobody: neither an account nor a registry.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { builtAssets } from './assets.ts';
import { readDeployConfiguration } from './configuration.ts';
import { bundleEntries } from './entries.ts';
import { addInstallation } from './installation.ts';

const app = new App();
const given: unknown = app.node.tryGetContext('configuration');
const file = typeof given === 'string' ? given : fileURLToPath(new URL('../dongu.yaml', import.meta.url));
if (given !== undefined && !existsSync(file)) {
  throw new Error(`there is no ${file}, which the context names as configuration`);
}
const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
const configuration = readDeployConfiguration(text, file);
const bundles = fileURLToPath(new URL('bundles', import.meta.url));
await bundleEntries(bundles, file);
addInstallation(app, configuration, builtAssets(bundles, configuration));
app.synth();
