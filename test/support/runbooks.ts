// The commands of docs/runbooks.md as they stand there, and how they are run.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type Place = 'here' | 'deployed';

export interface Step {
  readonly section: string;
  readonly place: Place;
  readonly commands: string;
  /** What the page says that they print; nobody looks where it says nothing. */
  readonly expected: string | undefined;
}

const document = fileURLToPath(new URL('../../docs/runbooks.md', import.meta.url));

const BLOCK = /^## (?<section>[^\n]+)$|^```(?<words>[^\n]*)\n(?<body>.*?)^```$/gms;

/** Every block of the page, in its order. A fence that is no command and follows none is an error. */
export function readRunbooks(text = readFileSync(document, 'utf8')): readonly Step[] {
  const steps: Step[] = [];
  let section = '';
  let isAnswered = true;
  for (const { groups = {} } of text.matchAll(BLOCK)) {
    const { words = '', body = '' } = groups;
    const last = steps.at(-1);
    if (groups.section !== undefined) {
      section = groups.section;
    } else if (words === 'sh' || words === 'sh deployed') {
      steps.push({
        section,
        place: words === 'sh' ? 'here' : 'deployed',
        commands: body,
        expected: undefined,
      });
      isAnswered = false;
    } else if (words === 'text' && last !== undefined && !isAnswered) {
      steps[steps.length - 1] = { ...last, expected: body };
      isAnswered = true;
    } else {
      throw new Error(`docs/runbooks.md: nobody would run or compare the block "${words}" under ${section}`);
    }
  }
  return steps;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Columns of a table are as wide as what stands in them. */
const plain = (line: string): string => line.trim().replace(/ {2,}/g, '  ');

const linePattern = (line: string): string =>
  line === '…' ? '(?:.*\n)*?' : `${line.split(/ *… */).map(escaped).join('.*')}\n`;

/** Where what was printed is not what the page says; `…` is any lines if it stands alone, and any text within a line. */
export function unlike(printed: string, expected: string): string | undefined {
  const lines = (text: string): readonly string[] => text.trim().split('\n').map(plain);
  const pattern = lines(expected).map(linePattern).join('');
  return new RegExp(`^${pattern}$`).test(`${lines(printed).join('\n')}\n`)
    ? undefined
    : `printed:\n${printed}\nwhere the page says:\n${expected}`;
}

const MARK = '@@ end of step';

export interface ShellPlan {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Runs steps in one shell, one after the other, and tells what each has printed; throws at the first that fails or prints something else. */
export async function follow(steps: readonly Step[], { folder, environment }: ShellPlan): Promise<void> {
  // what fails ends the shell: it is the last step that was begun
  const script = [
    'set -euo pipefail',
    'exec 2>&1',
    ...steps.map(({ commands }) => `${commands}\necho "${MARK}"`),
  ];
  const { printed, code } = await runShell(script.join('\n'), folder, environment);
  const parts = printed.split(`${MARK}\n`);
  for (const [index, step] of steps.entries()) {
    const part = parts[index] ?? '';
    if (index >= parts.length - 1) {
      throw new Error(`${step.section}: ended with ${code} in\n${step.commands}\nafter printing:\n${part}`);
    }
    const difference = step.expected === undefined ? undefined : unlike(part, step.expected);
    if (difference !== undefined) {
      throw new Error(`${step.section}:\n${step.commands}\n${difference}`);
    }
  }
}

function runShell(
  script: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly printed: string; readonly code: number | null }> {
  return new Promise((done, fail) => {
    const shell = spawn('bash', ['-c', script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    shell.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    shell.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    shell.once('error', fail);
    shell.once('close', (code) => done({ printed, code }));
  });
}
