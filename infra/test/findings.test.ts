import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { acknowledgements, findingIds } from '../acknowledgements.ts';
import { readDeployConfiguration } from '../configuration.ts';
import { addInstallation, type Installation } from '../installation.ts';
import { blankAssets, newApp } from './support/synthesised.ts';

interface Report {
  readonly pluginReports?: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath?: string }[];
    }[];
  }[];
}

/** What cdk-nag and the library's own rules find, as `rule at path`. */
function found(
  yaml: string,
  acknowledges: boolean,
): { readonly lines: readonly string[]; readonly installation: Installation } {
  const app = newApp();
  const installation = addInstallation(app, readDeployConfiguration(yaml, 'dongu.yaml'), blankAssets(), {
    acknowledges,
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  try {
    app.synth();
  } catch (error) {
    if (!/validation/i.test(error instanceof Error ? `${error.name} ${error.message}` : '')) {
      throw error;
    }
  }
  const report: Report = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'));
  const lines = (report.pluginReports ?? []).flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    ),
  );
  return { lines: lines.toSorted(), installation };
}

describe("cdk-nag's AwsSolutions", () => {
  const variants = {
    'of a small installation, which says nothing': '',
    'of one with keys, a domain, another name and machine': [
      'deploy:',
      '  name: shop',
      '  encryption: kms',
      '  architecture: x86_64',
      '  edge:',
      '    domain:',
      '      name: figures.example.com',
      '      certificate_arn: arn:aws:acm:us-east-1:111122223333:certificate/1',
    ].join('\n'),
    'of a trial': 'deploy: { keep_data: false, reserve_concurrency: false }',
  };
  for (const [name, yaml] of Object.entries(variants)) {
    it(`finds nothing that is not acknowledged ${name}`, () => {
      expect(found(yaml, true).lines).toEqual([]);
    });
  }

  it('finds all that is acknowledged, and each acknowledgement says why', () => {
    const { lines, installation } = found('', false);
    const wanted = acknowledgements.flatMap(({ stack, at, ...finding }) =>
      at.flatMap((path) => findingIds(finding, installation).map((id) => `${id} at dongu-${stack}/${path}`)),
    );
    console.log(`findings: 0; acknowledged: ${wanted.length}, by ${acknowledgements.length} reasons`);
    for (const { rule, reason } of acknowledgements) {
      console.log(`  ${rule}: ${reason}`);
    }

    expect(lines).toEqual(wanted.toSorted());
    expect(new Set(acknowledgements.map(({ reason }) => reason)).size).toBe(acknowledgements.length);
    for (const { reason } of acknowledgements) {
      expect(reason.length).toBeGreaterThan(40);
    }
  });
});
