import { benchBuild } from './build-bench.ts';
import { benchCollect, benchNeighbours } from './collect-bench.ts';
import { benchImport } from './import-bench.ts';
import { benchLand } from './land-bench.ts';
import { benchLifecycles } from './lifecycle-bench.ts';
import { benchRecovery } from './recovery-bench.ts';
import { benchValues } from './value-bench.ts';

// npm run bench [-- millions [rounds [part]]]: sizes in million touchpoints, rounds interleaved with their floor
const millions = Number(process.argv[2] ?? 10);
const rounds = Number(process.argv[3] ?? 3);
const part = process.argv[4];

const parts: Readonly<Record<string, () => Promise<void>>> = {
  collect: () => benchCollect(millions * 100_000, rounds),
  neighbours: () => benchNeighbours(rounds),
  import: () => benchImport(1_000_000, rounds),
  land: () => benchLand(500_000, rounds),
  // a tenth of the size first: what grows faster than the rows shows between the two
  build: async () => {
    await benchBuild(millions * 100_000, rounds);
    await benchBuild(millions * 1_000_000, rounds);
  },
  // biome-ignore lint/style/noProcessEnv: where Python and its cache are
  value: () => benchValues(millions * 100_000, rounds, process.env),
  recovery: () => benchRecovery(millions * 100_000),
  lifecycle: () => benchLifecycles(millions * 1_000_000, rounds),
};

console.log('CPU time of the whole process; the floor is measured in the same run, in turn; medians');
for (const [name, run] of Object.entries(parts)) {
  if (part === undefined || part === name) {
    await run();
  }
}
