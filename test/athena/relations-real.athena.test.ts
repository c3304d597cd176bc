import { afterAll, inject } from 'vitest';
import { loadModels } from '../../functions/adapters/model-files.ts';
import { dataSets } from '../support/parity/data-sets.ts';
import { describeRelations, emptyTally, tellTally } from '../support/parity/describe-relations.ts';

const bed = inject('bed');
const models = await loadModels();
const tally = emptyTally();

describeRelations(dataSets.real, bed, tally);
describeRelations(dataSets.one, bed, tally);
describeRelations(dataSets.nothing, bed, tally);

afterAll(() => tellTally('relations of real, old and no data on both engines', models.length, tally));
