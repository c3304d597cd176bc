import { benchBuild } from './build-bench.ts';
import { benchImport } from './import-bench.ts';

// npm run bench [-- millions [rounds]]: sizes in million touchpoints, rounds interleaved with their floor
const millions = Number(process.argv[2] ?? 10);
const rounds = Number(process.argv[3] ?? 3);

console.log('CPU time of the whole process; the floor is measured in the same run, in turn; medians');
if (process.argv[4] !== 'build') await benchImport(1_000_000, rounds);
// a tenth of the size first: what grows faster than the rows shows between the two
if (millions >= 10) await benchBuild(millions * 100_000, rounds);
await benchBuild(millions * 1_000_000, rounds);
