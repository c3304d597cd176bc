import { appendFileSync } from 'node:fs';
import { AthenaClient } from '@aws-sdk/client-athena';

/*
 * Preloaded (`node --import`) into a process under test: writes down every call that it makes to AWS, and kills it at one
 * of them as `kill -9` does, before the call is sent or after its effect. Asking whether a statement has ended is no call
 * here: how often that is done is a matter of time.
 */

export interface KillPoint {
  /** Of the calls whose text contains this; of all without it. */
  readonly matching?: string;
  /** Counts only the calls after the first one whose text contains this. */
  readonly after?: string;
  /** 1-based. */
  readonly nth: number;
  readonly when: 'before' | 'after';
}

type Send = (command: object, ...rest: unknown[]) => Promise<unknown>;

// biome-ignore lint/style/noProcessEnv: how the process under test is told
const { DONGU_TEST_KILL: told, DONGU_TEST_CALLS: file } = process.env;
const point = told ? (JSON.parse(told) as KillPoint) : undefined;
let seen = 0;
let isBegun = point?.after === undefined;

/** The class that the clients of all services extend. */
const shared = Object.getPrototypeOf(AthenaClient.prototype) as { send: Send };
const send = shared.send;

function textOf(command: object): string {
  const input = 'input' in command ? (command.input as Readonly<Record<string, unknown>>) : {};
  const detail = input.QueryString ?? input.Key ?? input.Prefix ?? input.Name ?? input.DatabaseName ?? '';
  return `${command.constructor.name} ${String(detail).replaceAll('\n', ' ').slice(0, 120)}`;
}

function isCounted(text: string): boolean {
  if (isBegun) {
    return point !== undefined && text.includes(point.matching ?? '');
  }
  isBegun = text.includes(point?.after ?? '');
  return false;
}

const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

shared.send = async function counted(this: unknown, command: object, ...rest: unknown[]): Promise<unknown> {
  const text = textOf(command);
  if (text.startsWith('GetQueryExecutionCommand')) {
    return send.call(this, command, ...rest);
  }
  if (file) {
    appendFileSync(file, `${text}\n`);
  }
  if (!isCounted(text)) {
    return send.call(this, command, ...rest);
  }
  seen += 1;
  const isHere = seen === point?.nth;
  if (isHere && point?.when === 'before') {
    die();
    // the signal may take a moment: nothing is sent meanwhile
    await new Promise(() => {});
  }
  try {
    return await send.call(this, command, ...rest);
  } finally {
    // a refusal, such as of an object that is not there, is an answer too
    if (isHere) {
      die();
      await new Promise(() => {});
    }
  }
};
