import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { loadModels } from '../../functions/adapters/model-files.ts';
import type { CaseWarehouse } from '../support/case-engines.ts';
import { loadColumnsOf } from '../support/model-cases.ts';
import { athenaCases } from '../support/parity/athena-cases.ts';
import { dataSets } from '../support/parity/data-sets.ts';
import { describeRelations, emptyTally, tellTally } from '../support/parity/describe-relations.ts';
import { engineMutations, failuresOf, mutated, namesColumn } from '../support/parity/engine-mutations.ts';

const bed = inject('bed');
const models = await loadModels();
const columnsOf = await loadColumnsOf();
const tally = emptyTally();

describeRelations(dataSets.simulated, bed, tally);

describeRelations(dataSets.adversarial, bed, tally, (built) => {
  describe('notice', () => {
    let cases: CaseWarehouse;

    beforeAll(async () => {
      cases = await athenaCases(bed, 1).open();
    });

    afterAll(() => cases?.close());

    it.for(engineMutations)('$title', async (mutation, { annotate }) => {
      const both = built();
      if (mutation.macro) {
        await both.duckdb.warehouse.rows(`drop macro temp.${mutation.macro}`);
      }

      const failures = await failuresOf(mutated(models, mutation), both, cases, columnsOf);

      const naming = failures.filter((text) => namesColumn(text, mutation));
      expect(naming, failures.join('\n')).not.toEqual([]);
      await annotate(naming[0]?.split('\n')[0] ?? '');
    });
  });
});

afterAll(() => tellTally('relations of made-up data on both engines', models.length, tally));
