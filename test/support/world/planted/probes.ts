import { FolderQueue } from '../../../../functions/adapters/folder-queue.ts';
import { S3ObjectStore } from '../../../../functions/adapters/s3-object-store.ts';
import { WorldBucket } from '../world-bucket.ts';
import { WorldS3Client } from '../world-s3-client.ts';
import type { Probed } from './planted-bugs.ts';

/** What conditional writes to S3 get wrong, over the double. */
export async function probeS3(folder: string): Promise<readonly Probed[]> {
  const client = new WorldS3Client(new WorldBucket(folder));
  const store = new S3ObjectStore(client.asClient(), 's3://probed');
  client.faults.push('lost-answer');
  const isOwn = await store.putText('own', 'mine', { ifAbsent: true });
  await store.putText('other', 'theirs');
  const isOther = await store.putText('other', 'mine', { ifAbsent: true });
  client.faults.push('conflict');
  const isAgain = await store.putText('again', 'mine', { ifAbsent: true }).catch(() => false);
  return [
    ...(isOwn ? [] : (['own write'] as const)),
    ...(isOther ? (["another's write"] as const) : []),
    ...(isAgain ? [] : (['conflict'] as const)),
  ];
}

/** What the queue in a folder forgets, over restarts. */
export async function probeQueue(folder: string): Promise<readonly Probed[]> {
  const sender = new FolderQueue(folder);
  await Promise.all(['poison', 'good'].map((body) => sender.send(body)));
  let again = 0;
  for (let restarts = 0; restarts < 6; restarts += 1) {
    const queue = new FolderQueue(folder);
    const good = (await queue.receive(10, 0)).filter(({ body }) => body === 'good');
    again += good.length;
    await queue.delete(good.map(({ receipt }) => receipt));
  }
  const { dead } = await sender.state();
  await sender.close();
  return [
    ...(again > 1 ? (['deleted messages'] as const) : []),
    ...(dead === 1 ? [] : (['dead letters'] as const)),
  ];
}
