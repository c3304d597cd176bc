import { LakeError } from '../../core/errors.ts';
import { landQueue } from '../land-queue.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

export async function landCommand(options: GlobalOptions, isOnce: boolean): Promise<void> {
  await withHome(options, async (home) => {
    const stop = new AbortController();
    const end = () => stop.abort();
    process.once('SIGINT', end).once('SIGTERM', end);
    try {
      const { items, messages, failed } = await landQueue(home, { isOnce, signal: stop.signal });
      home.telemetry.done(`${items} items of ${messages} messages landed`);
      if (failed > 0) {
        throw new LakeError(
          `${failed} ${failed === 1 ? 'message' : 'messages'} could not be landed and stay in the queue`,
          'Mend what the warnings name; dongu queue shows what waits, --redrive sends the dead letters again.',
        );
      }
    } finally {
      process.off('SIGINT', end).off('SIGTERM', end);
    }
  });
}
