import { silentTelemetry } from '../../functions/adapters/console-telemetry.ts';
import { Home } from '../../functions/local/home.ts';
import { landQueue } from '../../functions/local/land-queue.ts';
import { measure, peakMegabytes } from './measure.ts';

// A process of its own, so that its peak memory is that of landing alone. node land-worker.ts HOME CONFIG

const [, , root = '', config] = process.argv;
const home = await Home.open({ home: root, config, telemetry: silentTelemetry });
const { signal } = new AbortController();
const landed = { items: 0 };
const measured = await measure(async () => {
  landed.items = (await landQueue(home, { isOnce: true, signal })).items;
});
console.log(JSON.stringify({ ...landed, ...measured, peakMegabytes: peakMegabytes() }));
await home.close();
