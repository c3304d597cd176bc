import { afterAll, inject } from 'vitest';
import { loadKpis, loadModels } from '../../functions/adapters/model-files.ts';
import { countCases, describeKpiCases, describeModelCases } from '../support/describe-cases.ts';
import { loadColumnsOf } from '../support/model-cases.ts';
import { athenaCases } from '../support/parity/athena-cases.ts';

const models = await loadModels();
const kpis = await loadKpis();
const columnsOf = await loadColumnsOf();
// as many as vitest runs side by side
const engine = athenaCases(inject('bed'), 5);

describeModelCases(engine, models, columnsOf);
describeKpiCases(engine, kpis, columnsOf);

afterAll(() => {
  const definitions = [...models, ...kpis].map(({ definition }) => definition);
  console.info(
    `cases on Athena: ${models.length} models, ${kpis.length} KPIs, ${countCases(definitions)} cases`,
  );
});
