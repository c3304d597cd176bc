import { describeLandBatchCrashes } from '../../support/land-batch-crashes.ts';

// test/worlds tries every call
describeLandBatchCrashes({ moments: ['before', 'after'], step: 29 });
