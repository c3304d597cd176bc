import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../functions/core/errors.ts';
import { readEnvironment } from '../../../functions/handlers/environment.ts';

const whole = {
  DONGU_LAKE: 's3://a-lake/warehouse',
  DONGU_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/1/a-queue',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  SOMETHING_ELSE: 'x',
};

function faultOf(needed: Parameters<typeof readEnvironment>[0], variables: Record<string, string>): string {
  try {
    readEnvironment(needed, variables);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('it was taken');
}

describe('readEnvironment', () => {
  it('gives what is there, by the names of the program', () => {
    expect(readEnvironment(['lake', 'queueUrl'], whole)).toEqual({
      lake: 's3://a-lake/warehouse',
      queueUrl: 'https://sqs.eu-central-1.amazonaws.com/1/a-queue',
      memoryMegabytes: 512,
    });
  });

  it('tells all that is missing or wrong at once', () => {
    const fault = faultOf(['lake', 'queueUrl', 'identityKey'], {
      DONGU_LAKE: '/a/folder',
      DONGU_IDENTITIES: 's3://X',
      DONGU_QUEUE_URL: '',
    });

    expect(fault).toBe(
      'the environment of this function: DONGU_LAKE is no address such as s3://bucket/prefix; ' +
        'DONGU_IDENTITIES is no address such as s3://bucket/prefix; DONGU_QUEUE_URL is missing; DONGU_IDENTITY_KEY is missing',
    );
  });

  it('does not ask for what a function does not need', () => {
    expect(readEnvironment([], {})).toEqual({});
  });
});
