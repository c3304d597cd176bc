import { describeCrashes } from '../support/crash-suite.ts';

// What a crash after one call leaves is what a crash before the next one leaves. test/worlds tries more, test/faults all with a warehouse that is played.
describeCrashes({ moments: ['before'], step: 17 });
