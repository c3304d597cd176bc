import { FolderQueue } from '../../adapters/folder-queue.ts';
import { queueFolder } from '../land-queue.ts';
import { tableText } from '../print-table.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

export async function queueCommand(options: GlobalOptions, isRedrive: boolean): Promise<void> {
  await withHome(options, async (home) => {
    const queue = new FolderQueue(queueFolder(home));
    if (isRedrive) {
      const count = await queue.redrive();
      await queue.close();
      home.telemetry.done(`${count} dead ${count === 1 ? 'letter' : 'letters'} sent again`);
    }
    const { waiting, inFlight, dead } = await queue.state();
    const row = { waiting: String(waiting), 'in flight': String(inFlight), dead: String(dead) };
    process.stdout.write(`${tableText(['waiting', 'in flight', 'dead'], [row])}\n`);
  });
}
