import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../../functions/core/configuration.ts';
import { ConfigurationError } from '../../../functions/core/errors.ts';

const read = (athena: string) => readConfiguration(`engine: { athena: { ${athena} } }`, 'dongu.yaml');

function messageOf(athena: string): string {
  try {
    read(athena);
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return `${error.message} ${error.hint}`;
    }
    throw error;
  }
  return '';
}

describe('engine.athena of dongu.yaml', () => {
  it('needs only its root', () => {
    expect(read('root: s3://my-bucket').engine.athena).toEqual({
      root: 's3://my-bucket',
      database: 'dongu',
      workgroup: 'dongu',
      side_by_side: 5,
      statement_minutes: 30,
      dollars_per_terabyte: 5,
    });
  });

  it.each(['s3://my-bucket/', 's3://my.bucket-2/a/b_c', 's3://my-bucket/a.b/'])(
    'takes %s as a root',
    (root) => {
      expect(messageOf(`root: ${root}`)).toBe('');
    },
  );

  it.each([
    'my-bucket',
    'S3://my-bucket',
    's3://My-bucket',
    's3://a',
    's3://my-bucket//a',
    's3://my-bucket/a b',
    "'s3://my-bucket/a?b'",
  ])('refuses %s as a root, with an example', (root) => {
    expect(messageOf(`root: ${root}`)).toMatch(
      /engine\.athena\.root.*is not an S3 address such as s3:\/\/bucket/,
    );
  });

  it.each([
    ['databse: dongu', 'database'],
    ['work_group: x', 'workgroup'],
    ['sidebyside: 3', 'side_by_side'],
    ['statement_minute: 3', 'statement_minutes'],
  ])('names the nearest key of a wrong one: %s', (line, nearest) => {
    expect(messageOf(`root: s3://my-bucket, ${line}`)).toContain(`"${nearest}"`);
  });

  it.each([
    ['database: Dongu', 'engine.athena.database: a database name is lower-case'],
    ["workgroup: 'my group'", 'engine.athena.workgroup: a workgroup name is'],
    ['side_by_side: 0', 'engine.athena.side_by_side'],
    ['statement_minutes: 0', 'engine.athena.statement_minutes'],
    ['dollars_per_terabyte: -1', 'engine.athena.dollars_per_terabyte'],
  ])('says what is wrong: %s', (line, told) => {
    expect(messageOf(`root: s3://my-bucket, ${line}`)).toContain(told);
  });

  it('must have a root', () => {
    expect(messageOf('workgroup: other')).toContain('engine.athena.root');
  });
});
