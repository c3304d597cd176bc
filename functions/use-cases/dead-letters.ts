import { type DamageReason, readCollected } from '../core/collected-request.ts';
import { QueueError } from '../core/errors.ts';
import type { DeadLetter, DeadLetters } from '../ports/dead-letters.ts';

/** What may be shown of a dead letter: nothing of what somebody sent. */
export interface DescribedLetter {
  readonly id: string;
  readonly bytes: number;
  readonly source?: string;
  readonly request?: string;
  readonly receivedAt?: string;
  readonly items?: number;
  /** Of a message that landing cannot read. */
  readonly damage?: DamageReason;
}

function describeLetter({ id, body }: DeadLetter): DescribedLetter {
  const bytes = Buffer.byteLength(body);
  const read = readCollected(body);
  if (!read.isReadable) {
    return { id, bytes, damage: read.reason };
  }
  const { source, requestId, receivedAt, items } = read.request;
  return {
    id,
    bytes,
    source,
    request: requestId,
    receivedAt: receivedAt.toISOString(),
    items: items.length,
  };
}

export async function listDeadLetters(letters: DeadLetters): Promise<readonly DescribedLetter[]> {
  const described: DescribedLetter[] = [];
  await letters.each(async (letter) => void described.push(describeLetter(letter)));
  return described;
}

/** Sends all of them again, or the one of that id; answers how many. Safe to repeat: what was sent twice is the same request. */
export async function redriveDeadLetters(letters: DeadLetters, id?: string): Promise<number> {
  let count = 0;
  await letters.each(async (letter) => {
    if (id === undefined || letter.id === id) {
      await letter.sendAgain();
      count += 1;
    }
  });
  requireFound(count, id);
  return count;
}

/** Takes one out of the queue for good, once `keep` has it. */
export async function takeDeadLetter(
  letters: DeadLetters,
  id: string,
  keep: (body: string) => Promise<void>,
): Promise<void> {
  let count = 0;
  await letters.each(async (letter) => {
    if (letter.id === id) {
      await keep(letter.body);
      await letter.remove();
      count += 1;
    }
  });
  requireFound(count, id);
}

/** Puts a request that was taken out into the queue again, whole as it was or mended. */
export async function giveBackLetter(letters: DeadLetters, body: string): Promise<void> {
  const read = readCollected(body);
  if (!read.isReadable) {
    throw new QueueError(
      `the file is no request that landing could read (${read.reason})`,
      'Give it back as it was taken out: its first line is the header, which says how many lines follow.',
    );
  }
  await letters.send(body);
}

function requireFound(count: number, id: string | undefined): void {
  if (id !== undefined && count === 0) {
    throw new QueueError(
      `there is no dead letter ${id}`,
      'dongu queue --dead lists them; another command may have taken it.',
    );
  }
}
