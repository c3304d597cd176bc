import { benchBuild } from './build-bench.ts';
import { benchImport } from './import-bench.ts';

// npm run bench [-- millions [rounds [import | build]]]: sizes in million touchpoints, rounds interleaved with their floor
const millions = Number(process.argv[2] ?? 10);
const rounds = Number(process.argv[3] ?? 3);

console.log('CPU time of the whole process; the floor is measured in the same run, in turn; medians');
const part = process.argv[4];
if (part !== 'build') await benchImport(1_000_000, rounds);
if (part !== 'import') await benchBuild(millions * 1_000_000, rounds);
