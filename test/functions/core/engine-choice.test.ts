import { describe, expect, it } from 'vitest';
import { bytesOf, chosenEngine, readConfiguration } from '../../../functions/core/configuration.ts';

const GIGABYTE = 1024 ** 3;
const { engine } = readConfiguration('', 'dongu.yaml');

describe('the engine of a run', () => {
  it('is what was chosen, however large the lake', () => {
    expect(chosenEngine('duckdb', engine, 1000 * GIGABYTE)).toBe('duckdb');
    expect(chosenEngine('athena', engine, 1)).toBe('athena');
  });

  it('is DuckDB up to a size, and Athena beyond, where it is chosen by the lake', () => {
    expect(chosenEngine('auto', engine, 0)).toBe('duckdb');
    expect(chosenEngine('auto', engine, 2 * GIGABYTE)).toBe('duckdb');
    expect(chosenEngine('auto', engine, 2 * GIGABYTE + 1)).toBe('athena');
    const smaller = readConfiguration('engine: { use: auto, duckdb_up_to: 500MB }', 'dongu.yaml').engine;
    expect(chosenEngine(smaller.use, smaller, 501 * 1024 ** 2)).toBe('athena');
  });

  it('is told a size as a person writes it', () => {
    expect([bytesOf('500MB'), bytesOf('3GB')]).toEqual([500 * 1024 ** 2, 3 * GIGABYTE]);
    expect(() => readConfiguration('engine: { duckdb_up_to: 2 GB }', 'dongu.yaml')).toThrow('2GB');
  });
});
