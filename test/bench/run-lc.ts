import { benchLifecycles } from './lifecycle-bench.ts';
await benchLifecycles(Number(process.argv[2]) * 1e6, Number(process.argv[3] ?? 1));
