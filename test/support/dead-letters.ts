import { FolderDeadLetters } from '../../functions/adapters/folder-dead-letters.ts';
import { redriveDeadLetters } from '../../functions/use-cases/dead-letters.ts';

/** Sends the dead letters of a queue in a folder again; answers how many. */
export async function redriveFolder(folder: string): Promise<number> {
  const letters = new FolderDeadLetters(folder);
  const count = await redriveDeadLetters(letters);
  await letters.close();
  return count;
}
