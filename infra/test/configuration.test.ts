import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../functions/core/configuration.ts';
import { readDeployConfiguration } from '../configuration.ts';

const read = (yaml: string) => readDeployConfiguration(yaml, 'dongu.yaml');

describe('the configuration of a deployment', () => {
  it('needs nothing to be said', () => {
    expect(read('')).toMatchObject({
      name: 'dongu',
      architecture: 'arm64',
      keep_data: true,
      timeZone: 'Europe/Istanbul',
      runs: { schedule: 'cron(0 4 * * ? *)', engine: 'auto' },
      retention: { results_days: 7, logs_days: 30 },
    });
    expect(read('').retention.raw_days).toBeUndefined();
  });

  it("takes the project's time zone, and leaves its other keys to whoever uses them", () => {
    const yaml = 'reporting: { time_zone: Europe/Berlin, currency: EUR }\nsector: saas\ndeploy:\n';

    expect(read(yaml)).toMatchObject({ timeZone: 'Europe/Berlin' });
  });

  it('is a key that the command line does not stumble over', () => {
    expect(() => readConfiguration('deploy: { name: shop }', 'dongu.yaml')).not.toThrow();
  });

  for (const [yaml, message] of [
    ['deploy: { retenton: {} }', 'retention'],
    ['deploy: { name: Shop_1 }', 'deploy.name'],
    ['deploy: { retention: { logs_days: 31 } }', 'deploy.retention.logs_days'],
    ['deploy: { retention: { dead_letters_days: 13 } }', 'SQS counts them from when a request was accepted'],
    ['deploy: { land: { concurrency: 1 } }', 'deploy.land.concurrency'],
    ['deploy: { runs: { schedule: daily } }', 'cron(0 4 * * ? *)'],
    ['deploy: { alarms: { emails: [nobody] } }', 'deploy.alarms.emails'],
    [
      'deploy: { edge: { domain: { name: a.example, certificate_arn: "arn:aws:acm:eu-west-1:111122223333:certificate/1" } } }',
      'us-east-1',
    ],
  ] as const) {
    it(`refuses ${yaml}`, () => {
      expect(() => read(yaml)).toThrow(message);
    });
  }
});
