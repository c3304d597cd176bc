import { z } from 'zod';
import { ConfigurationError } from '../core/errors.ts';

const Address = z.string().regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[^\s]*)?$/, {
  error: 'is no address such as s3://bucket/prefix',
});
const Name = z.string().min(1, { error: 'is empty' });
const Megabytes = z.coerce.number({ error: 'is no number' }).int().positive();

const settings = {
  /** The store under which lake/…, runs/…, keys/… and inbox/… lie as in a home. */
  lake: ['DONGU_LAKE', Address],
  /** A store of its own for lake/identities. */
  identities: ['DONGU_IDENTITIES', Address],
  /** Where dashboards/… of a home goes. */
  dashboards: ['DONGU_DASHBOARDS', Address],
  queueUrl: ['DONGU_QUEUE_URL', z.url({ error: 'is no URL' })],
  /** Name or ARN of the secret that holds the identity key. */
  identityKey: ['DONGU_IDENTITY_KEY', Name],
  workgroup: ['DONGU_WORKGROUP', Name],
  database: ['DONGU_DATABASE', Name],
  /** Set by Lambda. */
  memoryMegabytes: ['AWS_LAMBDA_FUNCTION_MEMORY_SIZE', Megabytes],
} as const;

type Settings = typeof settings;
export type SettingName = keyof Settings;
type All = { readonly [N in SettingName]: z.infer<Settings[N][1]> };

/** What a function is told by its environment; `Needed` are there for certain. */
export type Environment<Needed extends SettingName = never> = Partial<All> & Pick<All, Needed>;

/** Reads the settings of a function. Throws ConfigurationError, which names all that are missing or wrong. */
export function readEnvironment<const Needed extends SettingName>(
  needed: readonly Needed[],
  // biome-ignore lint/style/noProcessEnv: the only place of a function that reads it
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Environment<Needed> {
  const read: Partial<Record<SettingName, unknown>> = {};
  const faults: string[] = [];
  for (const name of Object.keys(settings) as SettingName[]) {
    const [variable, schema] = settings[name];
    const text = variables[variable];
    const isNeeded = (needed as readonly SettingName[]).includes(name);
    if (text === undefined || text === '') {
      faults.push(...(isNeeded ? [`${variable} is missing`] : []));
      continue;
    }
    const { success, data, error } = schema.safeParse(text);
    read[name] = data;
    faults.push(...(success ? [] : [`${variable} ${error.issues[0]?.message}`]));
  }
  if (faults.length > 0) {
    throw new ConfigurationError(
      `the environment of this function: ${faults.join('; ')}`,
      'Deploy again: the stack sets these variables.',
    );
  }
  return read as Environment<Needed>;
}
