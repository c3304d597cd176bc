import { describeLandBatchCrashes } from '../../support/land-batch-crashes.ts';

// What a crash after one call leaves is what a crash before the next one leaves. test/worlds tries both, of every second call.
describeLandBatchCrashes({ moments: ['before'], step: 29 });
