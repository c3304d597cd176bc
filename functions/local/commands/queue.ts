import { open, readFile, rm } from 'node:fs/promises';
import { FolderDeadLetters } from '../../adapters/folder-dead-letters.ts';
import { ConfigurationError, errorCode, QueueError } from '../../core/errors.ts';
import type { DeadLetters } from '../../ports/dead-letters.ts';
import {
  giveBackLetter,
  listDeadLetters,
  redriveDeadLetters,
  takeDeadLetter,
} from '../../use-cases/dead-letters.ts';
import { queueFolder } from '../land-queue.ts';
import { tableText } from '../print-table.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

export interface QueueOptions {
  readonly dead: boolean;
  /** All of them, or one's id. */
  readonly redrive?: true | string;
  readonly take?: string;
  readonly to?: string;
  readonly giveBack?: string;
  /** Of a queue that is deployed, instead of the home's. */
  readonly url?: string;
}

export async function queueCommand(options: GlobalOptions, wanted: QueueOptions): Promise<void> {
  await withHome(options, async (home) => {
    const letters =
      wanted.url === undefined ? new FolderDeadLetters(queueFolder(home)) : await deployedLetters(wanted.url);
    try {
      const told = await work(letters, wanted);
      await (told === undefined ? show(letters, wanted.dead) : home.telemetry.done(told));
    } finally {
      await letters.close();
    }
  });
}

/** Loads the client of AWS only now. It speaks to where all clients do, whatever host the address names. */
async function deployedLetters(url: string): Promise<DeadLetters> {
  const [{ SQSClient }, { SqsDeadLetters }] = await Promise.all([
    import('@aws-sdk/client-sqs'),
    import('../../adapters/sqs-dead-letters.ts'),
  ]);
  return SqsDeadLetters.open(new SQSClient({ useQueueUrlAsEndpoint: false }), url);
}

/** Does what is asked and answers what was done; undefined where it is only looked. */
async function work(letters: DeadLetters, options: QueueOptions): Promise<string | undefined> {
  const { redrive, take, to, giveBack } = options;
  if (redrive !== undefined) {
    const count = await redriveDeadLetters(letters, redrive === true ? undefined : redrive);
    return `${count} dead ${count === 1 ? 'letter' : 'letters'} sent again`;
  }
  if (take !== undefined) {
    if (to === undefined) {
      throw new ConfigurationError('queue --take: say where the letter is to be kept', 'Add --to FILE.');
    }
    await takeDeadLetter(letters, take, (body) => keepBody(to, body));
    return `${take} is in ${to} now, as it was received, and no more in the queue`;
  }
  if (giveBack !== undefined) {
    await giveBackLetter(letters, await readFile(giveBack, 'utf8'));
    await rm(giveBack);
    return `${giveBack} is in the queue again`;
  }
  return undefined;
}

/** On the disk for good, and its owner's, before the queue loses it. */
async function keepBody(path: string, body: string): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw new QueueError(
      `${path} cannot be made (${errorCode(error) ?? 'unknown'})`,
      'Name a file that is not there yet, in a folder that is; the letter stays where it was.',
      { cause: error },
    );
  });
  try {
    await file.writeFile(body);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function show(letters: DeadLetters, isOfDead: boolean): Promise<void> {
  const text = isOfDead ? await deadText(letters) : await stateText(letters);
  process.stdout.write(`${text}\n`);
}

async function stateText(letters: DeadLetters): Promise<string> {
  const { waiting, inFlight, dead } = await letters.state();
  const row = { waiting: String(waiting), 'in flight': String(inFlight), dead: String(dead) };
  return tableText(['waiting', 'in flight', 'dead'], [row]);
}

async function deadText(letters: DeadLetters): Promise<string> {
  const described = await listDeadLetters(letters);
  if (described.length === 0) {
    return 'no dead letter';
  }
  const rows = described.map(({ receivedAt, ...letter }) => ({ ...letter, received_at: receivedAt }));
  return tableText(['id', 'source', 'received_at', 'items', 'bytes', 'request', 'damage'], rows);
}
