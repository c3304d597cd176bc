import { describe } from 'vitest';
import { describeMartWorlds } from '../support/mart-worlds.ts';

describe('marts of random worlds of even number', () => describeMartWorlds(0));
