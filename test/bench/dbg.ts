// usage: node dbg.ts MILLIONS MODEL...  : builds a persistent duckdb of needed relations at /tmp/lclake/N and explains models
import { mkdir, rm, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { FolderObjectStore } from '../../functions/adapters/folder-object-store.ts';
import { loadCatalogue } from '../../functions/adapters/model-files.ts';
import { readConfiguration } from '../../functions/core/configuration.ts';
import { selectModels, buildOrder } from '../../functions/core/model-graph.ts';
import { readGraph } from '../../functions/use-cases/build-relations.ts';
import { prepareInputs, inputColumns } from '../../functions/use-cases/prepare-inputs.ts';
import { writeBenchLake } from './bench-lake.ts';
import { benchLifecycle } from './bench-lifecycles.ts';
const n = Number(process.argv[2]); const wanted = process.argv.slice(3);
const root = `/tmp/lclake/${n}`; const folder = `/tmp/lclake/tmp${n}`;
await mkdir(folder, { recursive: true });
if (!existsSync(root)) { await mkdir(root, { recursive: true }); await writeBenchLake({ root, touchpoints: n * 1e6, customers: n * 1e5 }, folder); }
const configuration = readConfiguration('', 'bench');
const cat = { ...(await loadCatalogue(configuration)), kpis: [], lifecycles: [benchLifecycle('first')] };
const w: any = await DuckdbWarehouse.open({ memoryLimit: '2GB', threads: 2, temporaryDirectory: folder }, 'bench', `${folder}/b.duckdb`);
const graph = await readGraph(w, cat);
const targets = wanted.length ? wanted : ['stage_memberships', 'stage_transitions', 'stage_occupancy', 'stage_flows', 'stage_dropoffs'];
const needed = new Set(targets.flatMap((t) => [...selectModels(`+${t}`, graph)]));
const given = new Set(['touchpoints', 'orders', 'customers', 'int_day_periods', 'int_local_slots'].flatMap((t) => [...selectModels(`+${t}`, graph)]));
await prepareInputs(w, new FolderObjectStore(root), cat, configuration, undefined);
const inputs = Object.keys(inputColumns(cat));
let total = 0;
for (const name of buildOrder(graph, inputs).filter((x) => needed.has(x))) {
  const m = cat.models.find((x) => x.name === name); if (!m) continue;
  const c0 = w.cpuSeconds(); const t0 = performance.now();
  if (wanted.includes(name)) {
    const rows = await w.rows(`explain (analyze, format json) ${m.sql}`);
    const tree = JSON.parse(Object.values(rows[0])[1] as string);
    const walk = (n: any, d: number) => { const t = n.operator_timing ?? n.timing ?? 0; if (t > 0.02 || n.operator_cardinality > 100000) console.log(' '.repeat(d) + (n.operator_name ?? n.name), t.toFixed?.(3), n.operator_cardinality, JSON.stringify(n.extra_info ?? {}).slice(0, 230)); for (const c of n.children ?? []) walk(c, d + 1); };
    walk(tree, 0);
  }
  if (m.definition.materialise === 'view') await w.createView(name, m.sql); else { const b = await w.replaceTable(name, m.sql, m.layer === 'marts'); const c = w.cpuSeconds() - c0; if (!given.has(name)) { total += c; console.log(name, c.toFixed(2), 'cpu', ((performance.now() - t0) / 1000).toFixed(2), 's', b.rows); } else console.log('given', name, c.toFixed(2)); }
}
console.log('total', total.toFixed(1), 'rss', Math.round(process.resourceUsage().maxRSS / 1024));
w.close(); await rm(`${folder}/b.duckdb`, { force: true });
