import { join } from 'node:path';
import { CommandError, type Environment, runCommand, tailOf } from './command.ts';

/** The oldest Java that the pinned Trino starts on. */
export const oldestJava = 24;
const oldestPython = [3, 10] as const;

/** A tool of this machine, or in words for a person what is missing and how to get it. */
interface Tool {
  readonly missing?: string;
  /** Where it is and which version. */
  readonly identity?: string;
}

/** Its identity matters: a virtual environment lives no longer than the Python it was made by. */
export async function findPython(environment: Environment): Promise<Tool> {
  const install =
    'Install Python 3.10 or newer with its venv module (Debian and Ubuntu: apt install python3 python3-venv).';
  try {
    const probe =
      'import sys; print(sys.version_info[0], sys.version_info[1], sys.executable, sys.version.replace("\\n", " "))';
    const identity = await runCommand('python3', ['-c', probe], environment);
    const [major = 0, minor = 0] = identity.split(' ').map(Number);
    if (major !== oldestPython[0] || minor < oldestPython[1])
      return { missing: `python3 is Python ${major}.${minor}. ${install}` };
    await runCommand('python3', ['-c', 'import venv, ensurepip'], environment);
    return { identity };
  } catch (error) {
    const isMissing = error instanceof CommandError && error.isMissing;
    const what = isMissing ? 'python3 is not there' : 'python3 has no venv module';
    return { missing: `${what}; it brings and runs the AWS emulator. ${install}` };
  }
}

export async function findMaven(environment: Environment): Promise<Tool> {
  try {
    return { identity: await runCommand('mvn', ['--version'], environment) };
  } catch (error) {
    const said = error instanceof CommandError && !error.isMissing ? ` (${tailOf(error.output, 2)})` : '';
    return {
      missing: `mvn, which fetches Trino, is not there or does not start${said}. Install the package maven (Debian and Ubuntu: apt install maven; macOS: brew install maven).`,
    };
  }
}

/** The machine's own Java, if it is new enough for Trino. */
export async function findJava(environment: Environment): Promise<string | undefined> {
  const candidates = environment.JAVA_HOME ? [join(environment.JAVA_HOME, 'bin', 'java'), 'java'] : ['java'];
  for (const java of candidates) {
    const said = await runCommand(java, ['-version'], environment).catch(() => '');
    if (Number(/version "(\d+)/.exec(said)?.[1] ?? 0) >= oldestJava) return java;
  }
  return undefined;
}
