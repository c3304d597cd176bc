import { z } from 'zod';
import { ConfigurationError } from '../core/errors.ts';

const root = z.string().regex(/^s3:\/\/[a-z0-9][a-z0-9.-]+(\/[A-Za-z0-9_.-]+)*\/?$/, {
  error: 'an S3 address such as s3://bucket or s3://bucket/folder',
});

/** What the Run function is told of its installation. */
const RunEnvironment = z.object({
  DONGU_LAKE: root,
  DONGU_DASHBOARDS: root,
  DONGU_CONFIGURATION: z.string().optional(),
  DONGU_DATABASE: z.string().optional(),
  DONGU_WORKGROUP: z.string().optional(),
  DONGU_VERSION: z.string().default('unknown'),
});

export interface RunEnvironment {
  readonly lake: string;
  readonly dashboards: string;
  /** The text of dongu.yaml. */
  readonly configuration?: string | undefined;
  readonly database?: string | undefined;
  readonly workgroup?: string | undefined;
  /** Of the program, as pages tell it. */
  readonly version: string;
}

export function readRunEnvironment(env: Readonly<Record<string, string | undefined>>): RunEnvironment {
  const { data, error } = RunEnvironment.safeParse(env);
  if (!data) {
    throw new ConfigurationError(
      `the environment of the function is not complete: ${z.prettifyError(error)}`,
      'The stack sets it: deploy again.',
    );
  }
  return {
    lake: data.DONGU_LAKE,
    dashboards: data.DONGU_DASHBOARDS,
    configuration: data.DONGU_CONFIGURATION,
    database: data.DONGU_DATABASE,
    workgroup: data.DONGU_WORKGROUP,
    version: data.DONGU_VERSION,
  };
}
