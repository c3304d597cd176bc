import { describeCrashes } from '../support/crash-suite.ts';

// What a crash after one call leaves is what a crash before the next one leaves. test/worlds tries them all.
describeCrashes({ moments: ['before'], step: 4 });
