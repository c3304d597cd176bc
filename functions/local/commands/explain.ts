import { join } from 'node:path';
import { warehouseKey } from '../../adapters/duckdb-build.ts';
import { DuckdbWarehouse } from '../../adapters/duckdb-warehouse.ts';
import { identifierKey, type PersonalIdentifier } from '../../adapters/identifier-key.ts';
import { KeyFileSecrets } from '../../adapters/key-file-secrets.ts';
import { loadLifecycles } from '../../adapters/lifecycle-files.ts';
import { loadInputs, loadModelTexts } from '../../adapters/model-files.ts';
import { exists, loadLandingTexts, readSeed } from '../../adapters/project-files.ts';
import { ConfigurationError, LakeError } from '../../core/errors.ts';
import type { Explanation } from '../../core/explain/explanation.ts';
import { explanationText } from '../../core/explain/explanation-text.ts';
import { unknownNameText } from '../../core/nearest-name.ts';
import { type Language, languages } from '../../core/snapshot.ts';
import { type CustomerName, explainCustomer } from '../../use-cases/explain-customer.ts';
import type { Home } from '../home.ts';
import { type GlobalOptions, withHome } from '../with-home.ts';

export interface ExplainOptions {
  readonly email?: string;
  readonly phone?: string;
  readonly country: string;
  readonly at?: Date;
  readonly lifecycle?: string;
  /** Default: the configuration's. */
  readonly language?: string;
  readonly format: string;
}

const formats = ['text', 'json'] as const;

export async function explainCommand(
  options: GlobalOptions,
  customerId: string | undefined,
  explainOptions: ExplainOptions,
): Promise<void> {
  await withHome(options, async (home) => {
    const { format } = explainOptions;
    const language = oneOf(
      '--language',
      explainOptions.language ?? home.configuration.reporting.locale,
      languages,
    );
    oneOf('--format', format, formats);
    const channels = await readSeed('channels');
    const explanation = await explained(home, customerId, explainOptions);
    process.stdout.write(
      format === 'json'
        ? `${JSON.stringify(explanation, null, 2)}\n`
        : textOf(explanation, language, channels),
    );
  });
}

/** What the command tells, before it is written down. */
export async function explained(
  home: Home,
  customerId: string | undefined,
  options: Omit<ExplainOptions, 'language' | 'format'>,
): Promise<Explanation> {
  const { at, lifecycle } = options;
  const [models, inputs, configured] = await Promise.all([
    loadModelTexts(),
    loadInputs(),
    loadLifecycles(home.configuration, home.projectFolder),
  ]);
  const customer = await namedCustomer(home, customerId, options);
  return explainCustomer(
    { customer, at, lifecycle, models, inputs, configured },
    {
      store: home.store,
      openPublished: () => DuckdbWarehouse.openBeside(home.settings, home.store.localPath(warehouseKey)),
    },
  );
}

function oneOf<Name extends string>(option: string, given: string, known: readonly Name[]): Name {
  const found = known.find((name) => name === given);
  if (!found) {
    throw new ConfigurationError(`${option}: ${unknownNameText(given, known)}`, 'Choose one of them.');
  }
  return found;
}

function textOf(
  explanation: Explanation,
  language: Language,
  channels: readonly Readonly<Record<string, string>>[],
): string {
  const labels = new Map(channels.map((row) => [row.channel, row[`label_${language}`]]));
  return explanationText(explanation, {
    language,
    timeZone: explanation.time_zone,
    currency: explanation.currency,
    channel: (channel) => labels.get(channel) ?? channel,
  });
}

/** By id, or by an identifier of which only the key goes further. */
async function namedCustomer(
  home: Home,
  customerId: string | undefined,
  { email, phone, country }: Pick<ExplainOptions, 'email' | 'phone' | 'country'>,
): Promise<CustomerName> {
  const given = [customerId, email, phone].filter((name) => name !== undefined);
  if (given.length !== 1) {
    throw new ConfigurationError(
      given.length === 0 ? 'no customer is named' : 'the customer is named more than once',
      'Give one of: a customer_id, --email ADDRESS, --phone NUMBER.',
    );
  }
  if (customerId !== undefined) {
    return { customerId };
  }
  const identifier =
    email === undefined
      ? { type: 'phone' as const, written: phone ?? '', country }
      : { type: 'email' as const, written: email, country };
  return { identifierType: identifier.type, identifierKey: await keyOf(home, identifier) };
}

async function keyOf(
  home: Home,
  identifier: { readonly type: PersonalIdentifier; readonly written: string; readonly country: string },
): Promise<string> {
  const path = join(home.root, 'keys', 'identity.key');
  if (!(await exists(path))) {
    throw new LakeError(
      'this home has no identity key',
      'Name the home that the data was imported into: --home.',
    );
  }
  const key = await new KeyFileSecrets(path, home.store).identityKey();
  const found = await identifierKey(identifier, key, await loadLandingTexts(), home.settings);
  if (found === undefined) {
    throw identifier.type === 'email'
      ? new ConfigurationError(
          '--email: this is no e-mail address',
          'Write it whole, such as name@example.com.',
        )
      : new ConfigurationError(
          '--phone: this is no phone number',
          'Write it with its country code, such as +905001112233, or name its country: --country TR.',
        );
  }
  return found;
}
