import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const infra = fileURLToPath(new URL('../../..', import.meta.url));
const command = join(infra, 'node_modules', '.bin', 'cdk');

/** The account of the bed: whoever signs with its number may do everything there. */
export const account = '000000000000';
export const region = 'us-east-1';
export const administrator = { accessKeyId: account, secretAccessKey: 'test' };

export interface CdkAnswer {
  readonly code: number;
  readonly output: string;
}

/** The `cdk` command as a person types it, toward one endpoint. */
export class Cdk {
  readonly #environment: NodeJS.ProcessEnv;

  constructor(endpoint: string) {
    this.#environment = {
      // biome-ignore lint/style/noProcessEnv: where commands are found
      PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
      // biome-ignore lint/style/noProcessEnv: the command keeps its cache there
      HOME: process.env.HOME ?? '/tmp',
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: administrator.accessKeyId,
      AWS_SECRET_ACCESS_KEY: administrator.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CI: 'true',
    };
  }

  /** Whatever comes of it. */
  try(...args: readonly string[]): Promise<CdkAnswer> {
    return new Promise((done) => {
      execFile(
        command,
        [...args],
        { cwd: infra, env: this.#environment, timeout: 5 * 60_000, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
          done({ code, output: `${stdout}${stderr}` });
        },
      );
    });
  }

  async run(...args: readonly string[]): Promise<string> {
    const { code, output } = await this.try(...args);
    if (code !== 0) throw new Error(`cdk ${args.join(' ')} ended with ${code}:\n${output.slice(-4000)}`);
    return output;
  }

  synth(assembly: string, ...context: readonly string[]): Promise<string> {
    return this.run('synth', '--quiet', '--output', assembly, ...context);
  }

  deploy(assembly: string, stacks: readonly string[]): Promise<string> {
    return this.run(
      ...['deploy', ...stacks, '--app', assembly, '--exclusively'],
      ...['--require-approval', 'never', '--progress', 'events'],
    );
  }

  destroy(assembly: string, stacks: readonly string[]): Promise<string> {
    return this.run('destroy', ...stacks, '--app', assembly, '--exclusively', '--force');
  }
}
